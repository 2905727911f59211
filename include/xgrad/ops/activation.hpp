// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/lanes.hpp>

namespace xgrad {

namespace detail {
constexpr bool is_made_of_numbers(const record* r) {
    if (r->arity == 0) return r->op == &info<constant_op>;
    for (int i = 0; i < r->arity; ++i)
        if (!is_made_of_numbers(r->operands[static_cast<std::size_t>(i)])) return false;
    return true;
}
/// Whether X is an option rather than data: a number known to the compiler, such as 0.2_c or -1_c. (Of no axes: a loop's state that begins with zeros is data.)
template <class X>
constexpr bool is_option() {
    if constexpr (ast::symbolic<X> && !is_bad<X>) {
        return ast::node_traits<X>::of()->extents.rank == 0 && is_made_of_numbers(ast::node_traits<X>::of());
    } else {
        return false;
    }
}
}  // namespace detail

/// An activation that has its options: a layer.
template <class Formula, class... Option>
struct activation_layer {
    template <ast::expression X>
    constexpr auto operator()(X x) const {
        if constexpr (is_bad<X>) {
            return x;
        } else {
            return Formula::of(x, Option{}...);
        }
    }
};

/// What every activation with options is. With f such an object and x data:
///   f(x), f(x, 0.2_c)    the expression; options that are left out have their defaults
///   f, f(0.2_c)          the layer, as in sequential(..., f(0.2_c)): without data, numbers known to the compiler are options
///   f.with(a)            the same for options that are no such numbers: an xg::scalar, a parameter
template <class Formula>
struct activation : Formula {
    template <ast::expression X, ast::expression... Option>
    constexpr auto operator()(X x, Option...) const {
        if constexpr (detail::is_option<X>()) {
            return activation_layer<Formula, X, Option...>{};
        } else {
            return activation_layer<Formula, Option...>{}(x);
        }
    }
    template <ast::expression... Option>
    constexpr activation_layer<Formula, Option...> with(Option...) const {
        return {};
    }
};

}  // namespace xgrad
