// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "attention.hpp"
#include "libtorch.hpp"

namespace bench::attention {
namespace {

/// (libtorch 1.13 has no function for it but a composition like this one.)
class program {
    sizes s_;
    torch::Tensor q_, k_, v_, w_, later_;
    std::array<torch::Tensor, 3> made_;

    torch::Tensor view(const std::vector<float>& from) const {
        return copy(from, s_.sequences * s_.steps, s_.features).reshape({static_cast<std::int64_t>(s_.sequences), static_cast<std::int64_t>(s_.steps), -1});
    }

public:
    explicit program(const data& given)
        : s_(given.s), q_(view(given.q).requires_grad_()), k_(view(given.k).requires_grad_()), v_(view(given.v).requires_grad_()), w_(view(given.w)) {
        const auto steps = static_cast<std::int64_t>(s_.steps);
        later_ = torch::ones({steps, steps}, torch::kBool).triu(1);
    }
    outcome operator()() {
        for (torch::Tensor* x : {&q_, &k_, &v_}) x->mutable_grad() = torch::Tensor();
        torch::Tensor scores = torch::matmul(q_ / std::sqrt(static_cast<double>(s_.features)), k_.transpose(1, 2));
        if (s_.causal) scores = scores.masked_fill(later_, -1e30);
        const torch::Tensor value = (torch::matmul(torch::softmax(scores, -1), v_) * w_).sum();
        value.backward();
        made_ = {q_.grad(), k_.grad(), v_.grad()};
        outcome result{static_cast<double>(value.item<float>()), {}};
        for (std::size_t i = 0; i < made_.size(); ++i) result.arrays[i] = numbers_of(made_[i]);
        return result;
    }
};
struct variants {
    variants() {
        for (const sizes& s : all_sizes) variant("libtorch", s, [](const data& given) { return program(given); });
    }
} const all;

}  // namespace
}  // namespace bench::attention
