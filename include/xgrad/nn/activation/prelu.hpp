// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/layer.hpp>

namespace xgrad {

template <fixed_string Name, class Slopes, initialiser Start>
struct prelu_layer : detail::called_alone<prelu_layer<Name, Slopes, Start>> {
    static constexpr auto layer_name = Name;

    template <fixed_string Prefix, ast::symbolic X>
    constexpr auto apply(X x) const {
        const auto slope = parameter<join(join(Prefix, Name), fixed_string("slope")), Start>(Slopes{});
        return ast::select(x > number<0.0>, x, slope * x);
    }

    constexpr auto operator()() const { return *this; }
    /// Of a formula what it makes of it, of an extent a layer with so many slopes.
    template <class X>
    constexpr auto operator()(X x) const {
        if constexpr ((ast::symbolic<X> && !is_constant<X>) || requires { x.shape(); }) {
            return detail::called_alone<prelu_layer>::operator()(x);
        } else {
            return prelu_layer<Name, canonical_extent<X>, Start>{};
        }
    }
};
/// prelu<"name">(x) = x above 0, slope x below, with a slope that is learnt: one for all; the layer prelu<"name">(64_c) has one a feature of the last axis.
///
/// Formula     x > 0 ? x : slope x
/// Gradient    x: 1 where x > 0, else slope; slope: the sum of x over x <= 0
/// Shape       x [..., features]  ->  [..., features]; name.slope [1] or [features]
/// Options     one slope or so many, prelu<"name">(64_c); where they start: 0.25 as in PyTorch, prelu<"name", xg::zeros> as in Keras
/// Limits      NaN stays NaN
/// Source      He et al., arXiv:1502.01852
/// Catalogue   activation
template <fixed_string Name, initialiser Start = initialiser{initialiser_kind::constant, 0.25}>
inline constexpr prelu_layer<Name, static_extent<1>, Start> prelu{};

}  // namespace xgrad
