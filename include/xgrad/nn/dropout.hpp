// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/layer.hpp>
#include <xgrad/ops/random.hpp>

namespace xgrad {

namespace detail {
template <fixed_string Site, class P, class X>
constexpr auto dropped(P p, X x) {
    constexpr double share = literal_value<P>();
    if constexpr (share == 0) {
        return x;
    } else if constexpr (share == 1) {
        return number<0.0> * x;
    } else {
        return select(random_bits_for<Site>(x) >= p * number<0x1p24>, x * (number<1.0> / (number<1.0> - p)), number<0.0>);
    }
}

template <fixed_string Name, class P>
struct dropout_layer : called_alone<dropout_layer<Name, P>> {
    static constexpr auto layer_name = Name;
    static_assert(!is_constant<P> || (literal_value<P>() >= 0 && literal_value<P>() <= 1), "xgrad::dropout(p): p is the share that is dropped, from 0 to 1. Fix: write 0.5_c for a half.");

    template <fixed_string Prefix, ast::symbolic X>
    constexpr auto apply(X x) const {
        return by_mode(dropped<join(Prefix, Name)>(P{}, x), x);
    }
};
}  // namespace detail

/// dropout<"name">(p)(x): in training each element is 0 with probability p, and 1 / (1 - p) times itself otherwise; in inference it is x.
///
/// Formula     x m / (1 - p), m = 1 where a number in [0, 1) is at least p, else 0
/// Gradient    g m / (1 - p), with the same m, which is computed again and never stored
/// Shape       x [S...]  ->  [S...]
/// Options     p a number, 0 to 1, or any expression without axes
/// Limits      p = 0 gives x, p = 1 gives 0; what is dropped has no influence, not even as NaN
/// Method      numbers by a hash of the trainer's seed, the step, the layer's path and the element's place: they depend on neither threads nor
///             vectors nor panels, and are the same in float and double
/// Source      Srivastava et al., JMLR 2014; scaled in training as in PyTorch, Keras, ONNX
/// Catalogue   layer
template <fixed_string Name, class P>
constexpr auto dropout(P) {
    static_assert(ast::symbolic<P>, "xgrad::dropout(p): the compiler must see p. Fix: write 0.5_c, not 0.5, or give scalar<\"p\">.");
    if constexpr (ast::symbolic<P>) {
        static_assert(is_bad<P> || ast::node_traits<P>::of()->extents.rank == 0, "xgrad::dropout(p): p has axes. Fix: give a number such as 0.5_c, or scalar<\"p\">.");
        return detail::dropout_layer<Name, P>{};
    } else {
        return detail::dropout_layer<Name, ast::constant_node<0.5>>{};
    }
}

}  // namespace xgrad
