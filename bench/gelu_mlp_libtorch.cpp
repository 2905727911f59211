// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "gelu_mlp.hpp"
#include "libtorch.hpp"

namespace bench::gelu_mlp {
namespace {

class program {
    torch::Tensor x_, upstream_, rise_weight_, rise_bias_, fall_weight_, fall_bias_;  // weights [out, in], as torch::nn::Linear keeps them

    static torch::Tensor weight(const std::vector<float>& from, std::size_t in, std::size_t out) { return copy(from, in, out).t().contiguous().requires_grad_(); }

public:
    explicit program(const data& given)
        : x_(copy(given.x, batch, width).requires_grad_()), upstream_(copy(given.upstream, batch, width)), rise_weight_(weight(given.rise_weight, width, hidden)),
          rise_bias_(torch::tensor(given.rise_bias).requires_grad_()), fall_weight_(weight(given.fall_weight, hidden, width)),
          fall_bias_(torch::tensor(given.fall_bias).requires_grad_()) {}
    outcome operator()() {
        const std::array<torch::Tensor*, 5> wanted{&x_, &rise_weight_, &rise_bias_, &fall_weight_, &fall_bias_};
        for (torch::Tensor* t : wanted) t->mutable_grad().reset();
        const torch::Tensor value = torch::sum(upstream_ * torch::linear(torch::gelu(torch::linear(x_, rise_weight_, rise_bias_)), fall_weight_, fall_bias_));
        value.backward();
        outcome made{static_cast<double>(value.item<float>()), {}};
        for (std::size_t i = 0; i < wanted.size(); ++i) made.arrays[i] = numbers_of(wanted[i]->grad());
        return made;
    }
};
const auto all = variant("libtorch", [](const data& given) { return program(given); });

}  // namespace
}  // namespace bench::gelu_mlp
