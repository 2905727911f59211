// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "cross_entropy.hpp"
#include "xtensor.hpp"

namespace bench::cross_entropy {
namespace {

void run(benchmark::State& state, extents e) {
    const xt::xtensor<float, 2> z = xt::adapt(logits(e), std::array{e.rows, e.classes});
    const auto target = targets(e);
    float value = 0;
    softmax_memory memory(e.rows);
    xt::xtensor<float, 2> gradient = xt::empty<float>({e.rows, e.classes});
    auto step = [&] { value = softmax_cross_entropy(z, target, memory, gradient); };
    time_steps(state, e, step, value, [&] { return gradient.data(); });
}

const std::vector<added> all = [] {
    std::vector<added> made;
    for (extents e : sizes) made.push_back({"cross_entropy/xtensor/" + e.text(), [e](benchmark::State& s) { run(s, e); }});
    return made;
}();

}  // namespace
}  // namespace bench::cross_entropy
