// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/activation/softmin.hpp>
#include <xgrad/nn/layer.hpp>
#include <xgrad/ops/random.hpp>

namespace xgrad {

/// random_gumbel<"site">(x): a number for each element of x, of the standard Gumbel distribution: -log(-log u), u uniform in (0, 1). With these
/// added to logits, the largest is class i with the probability softmax gives it.
///
/// Shape       x [S...]  ->  [S...]; of x nothing but its extents is read
/// Derivative  0
/// Limits      from -2.9 to 16.7: u has 24 bits, and a half of the smallest stands for 0
template <fixed_string Site, ast::symbolic X>
constexpr auto random_gumbel(X x) {
    return stop_gradient(-log(-log(maximum(random_uniform<Site>(x), number<0x1p-25>))));
}

namespace detail {
template <fixed_string Name, class T>
struct gumbel_softmax_layer : called_alone<gumbel_softmax_layer<Name, T>> {
    static constexpr auto layer_name = Name;

    template <fixed_string Prefix, ast::symbolic X>
    constexpr auto apply(X x) const {
        return by_mode(tempered_softmax(x + random_gumbel<join(Prefix, Name)>(x), T{}), tempered_softmax(x, T{}));
    }
};
}  // namespace detail

/// gumbel_softmax<"name">(t)(x): in training a sample of a class as a point near a corner of the simplex, the nearer the smaller t is; in inference
/// tempered_softmax(x, t).
///
/// Formula     e^((x + G) / t) / sum(e^((x + G) / t)) over the last axis, G = -log(-log(u)), u uniform in (0, 1); in inference G = 0
/// Gradient    y (g - sum(g y)) / t for a cotangent g, with the same G, which is computed again and never stored
/// Shape       x logits [S..., C]  ->  [S..., C]
/// Options     t a number, or any expression without axes. For a sample at the corner with the gradient of y (straight through):
///             y + stop_gradient(hardmax(y) - y)
/// Method      random numbers as in dropout; random_gumbel<"site">(x) gives G alone, for who draws in inference too (as PyTorch does)
/// Source      Jang, Gu and Poole, ICLR 2017; Maddison, Mnih and Teh, ICLR 2017; PyTorch gumbel_softmax
/// Catalogue   activation
template <fixed_string Name, ast::symbolic T>
constexpr detail::gumbel_softmax_layer<Name, T> gumbel_softmax(T) {
    return {};
}

}  // namespace xgrad
