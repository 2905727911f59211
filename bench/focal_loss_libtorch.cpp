// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "focal_loss.hpp"
#include "libtorch.hpp"

namespace bench::focal_loss {
namespace {

struct program {
    torch::Tensor z, t;
    outcome operator()() {
        z.mutable_grad().reset();
        const torch::Tensor entropy = torch::nn::functional::cross_entropy(z, t, torch::nn::functional::CrossEntropyFuncOptions().reduction(torch::kNone));
        const torch::Tensor loss = torch::mean(torch::square(1 - torch::exp(-entropy)) * entropy);
        loss.backward();
        return {static_cast<double>(loss.item<float>()), {{numbers_of(z.grad())}}};
    }
};
const auto all = variant("libtorch", [](const data& given) { return program{copy(given.logits, rows, classes).requires_grad_(), torch::tensor(given.labels)}; });

}  // namespace
}  // namespace bench::focal_loss
