// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/all.hpp>

namespace xgrad {

/// What a layer is: an object with `apply<Prefix>(x)`, where Prefix is the path of the composite it stands in, or any
/// function of expressions (`xg::relu`, a lambda, a struct of one's own with operator()).
namespace detail {
template <fixed_string Prefix, class Layer, class X>
constexpr auto apply_layer(const Layer& layer, X x) {
    if constexpr (is_bad<X>) {
        return x;
    } else if constexpr (requires { layer.template apply<Prefix>(x); }) {
        return layer.template apply<Prefix>(x);
    } else {
        return layer(x);
    }
}

/// Called with what is no formula, likeliest an array.
template <class X>
constexpr auto refuse_for_layer(const X& x) {
    static_assert(ast::symbolic<X>, "xgrad: a layer makes formulas of formulas, and is applied here to something else. Fix: apply it to an input, model(x), and bind the array where the program is called, x = X.");
    return x;
}

/// What makes a layer with `apply` a function: by itself it has no path before its name, and reports what is wrong inside, once.
template <class Layer>
struct called_alone {
    template <ast::symbolic X>
    constexpr auto operator()(X x) const {
        if constexpr (is_bad<X>) {
            return x;
        } else {
            return reported(static_cast<const Layer&>(*this).template apply<fixed_string("")>(ast::quiet(x)));
        }
    }
    template <class X>
        requires(!ast::symbolic<X>)
    constexpr auto operator()(const X& x) const {
        return refuse_for_layer(x);
    }
};

/// Names that a layer gives to its parameters, for composites to compare.
template <class Layer>
constexpr bool has_name = requires { Layer::layer_name; };
template <class A, class B>
constexpr bool share_a_name() {
    if constexpr (has_name<A> && has_name<B>) {
        return std::string_view(A::layer_name) == std::string_view(B::layer_name) && !std::string_view(A::layer_name).empty();
    } else {
        return false;
    }
}
}  // namespace detail

/// A layer that stands in several places with the same weights, on purpose.
template <class Layer>
struct shared_layer {
    Layer layer;
    template <fixed_string Prefix, ast::symbolic X>
    constexpr auto apply(X x) const {
        return detail::apply_layer<Prefix>(layer, x);
    }
    template <ast::symbolic X>
    constexpr auto operator()(X x) const {
        return layer(x);
    }
};
/// `shared(dense<"projection">(64_c))`: says that the same name in one composite is meant (tied weights).
template <class Layer>
constexpr shared_layer<Layer> shared(Layer layer) {
    return {layer};
}

}  // namespace xgrad
