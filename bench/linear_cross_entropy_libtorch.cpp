// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "libtorch.hpp"
#include "linear_cross_entropy.hpp"

namespace bench::linear_cross_entropy {
namespace {

struct program {
    torch::Tensor x, weight, t;
    outcome operator()() {
        for (torch::Tensor* given : {&x, &weight}) given->mutable_grad().reset();
        const torch::Tensor loss = torch::nn::functional::cross_entropy(torch::matmul(x, weight), t);
        loss.backward();
        return {static_cast<double>(loss.item<float>()), {{numbers_of(x.grad()), numbers_of(weight.grad())}}};
    }
};
const auto all = variant("libtorch", [](const data& given) {
    return program{copy(given.x, rows, width).requires_grad_(), copy(given.weight, width, classes).requires_grad_(), torch::tensor(given.labels)};
});

}  // namespace
}  // namespace bench::linear_cross_entropy
