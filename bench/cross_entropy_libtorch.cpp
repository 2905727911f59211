// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "cross_entropy.hpp"

#include <torch/torch.h>

namespace bench::cross_entropy {
namespace {

void run(benchmark::State& state, extents e) {
    auto given = logits(e);
    auto labels = targets(e);
    const auto rows = static_cast<std::int64_t>(e.rows), classes = static_cast<std::int64_t>(e.classes);
    torch::Tensor z = torch::from_blob(given.data(), {rows, classes}).requires_grad_();
    const torch::Tensor t = torch::from_blob(labels.data(), {rows}, torch::kInt64);
    torch::Tensor loss;
    auto step = [&] {
        z.mutable_grad().reset();
        loss = torch::nn::functional::cross_entropy(z, t);
        loss.backward();
    };
    step();
    for (auto _ : state) {
        step();
        benchmark::DoNotOptimize(z.grad().data_ptr());
        benchmark::ClobberMemory();
    }
    report(state, e, static_cast<double>(loss.item<float>()), z.grad().data_ptr<float>());
}

const std::vector<added> all = [] {
    std::vector<added> made;
    for (extents e : sizes) made.push_back({"cross_entropy/libtorch/" + e.text(), [e](benchmark::State& s) { run(s, e); }});
    return made;
}();

}  // namespace
}  // namespace bench::cross_entropy
