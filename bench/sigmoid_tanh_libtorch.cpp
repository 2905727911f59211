// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "sigmoid_tanh.hpp"

#include <torch/torch.h>

namespace bench::sigmoid_tanh {
namespace {

struct program {
    torch::Tensor x;
    std::pair<double, const float*> operator()() {
        x.mutable_grad().reset();
        const torch::Tensor loss = torch::sum(torch::sigmoid(x) * torch::tanh(x) + 0.5f * torch::square(x));
        loss.backward();
        return {static_cast<double>(loss.item<float>()), x.grad().data_ptr<float>()};
    }
};
const auto all = variant("libtorch", [](const std::vector<float>& given) { return program{torch::tensor(given).requires_grad_()}; });

}  // namespace
}  // namespace bench::sigmoid_tanh
