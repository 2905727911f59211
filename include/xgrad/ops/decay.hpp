// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/exp.hpp>
#include <xgrad/ops/sign.hpp>

namespace xgrad {

/// decay(x) = e^-|x|: what sigmoid and softplus share.
///
/// Shape       [S...]  ->  [S...]
/// Derivative  -sign(x) e^-|x|
/// Limits      infinities give 0, NaN gives NaN
/// Method      an exp that never overflows, so that its digits can be a little better
struct decay_op : elementwise<1> {
    static constexpr std::string_view name = "decay";
    static constexpr bool heavy = true;
    static constexpr error_bound error{.from = -708, .to = 708, .ulp = 1.5};

    template <class X>
    static constexpr auto value(X x) {
        using std::abs;
        if constexpr (requires { lanes::functions<X>::decay(x); }) {
            return lanes::functions<X>::decay(x);
        } else {
            return lanes::exp(-abs(x));
        }
    }
    static constexpr auto pullback(auto g, auto y, auto x) { return std::tuple{-(g * ast::apply<sign_op>(x) * y)}; }
};

namespace ast {
template <expression X>
constexpr made<decay_op, X> decay(X x) {
    return apply<decay_op>(x);
}
}  // namespace ast

}  // namespace xgrad
