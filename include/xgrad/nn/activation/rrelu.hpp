// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/layer.hpp>
#include <xgrad/ops/random.hpp>

namespace xgrad {

namespace detail {
template <fixed_string Name, class Lower, class Upper>
struct rrelu_layer : called_alone<rrelu_layer<Name, Lower, Upper>> {
    static constexpr auto layer_name = Name;

    template <fixed_string Prefix, ast::symbolic X>
    constexpr auto apply(X x) const {
        const auto with = [&](auto slope) { return select(x < number<0.0>, slope * x, x); };
        return by_mode(with(Lower{} + (Upper{} - Lower{}) * random_uniform<join(Prefix, Name)>(x)), with(number<0.5> * (Lower{} + Upper{})));
    }
};
}  // namespace detail

/// rrelu<"name">(lower, upper)(x): a relu whose slope below 0 is drawn anew for each element and step; in inference the middle one.
///
/// Formula     x where x >= 0, else a x, a uniform in [lower, upper); in inference a = (lower + upper) / 2
/// Gradient    g where x >= 0, else a g
/// Shape       x [S...]  ->  [S...]
/// Options     lower and upper numbers, or any expressions without axes: PyTorch has rrelu<"name">(0.125_c, 0.3333333333333333_c)
/// Method      random numbers as in dropout
/// Source      Xu et al., arXiv 1505.00853, 2015; PyTorch
/// Catalogue   activation
template <fixed_string Name, ast::symbolic Lower, ast::symbolic Upper>
constexpr detail::rrelu_layer<Name, Lower, Upper> rrelu(Lower, Upper) {
    return {};
}

}  // namespace xgrad
