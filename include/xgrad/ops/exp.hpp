// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/multiply.hpp>

namespace xgrad {

/// exp(x) = e^x.
///
/// Shape       [S...]  ->  [S...]
/// Derivative  exp(x)
/// Limits      -inf gives 0, +inf gives +inf, NaN gives NaN
/// Error       at most `error.ulp` over [error.from, error.to] in float
struct exp_op : elementwise<1> {
    static constexpr std::string_view name = "exp";
    static constexpr bool heavy = true;
    static constexpr error_bound error{.from = -103.9, .to = 88.72, .ulp = 1.5};

    static XGRAD_INLINE constexpr auto value(auto x) { return lanes::exp(x); }
    static constexpr auto pullback(auto g, auto y, auto) { return std::tuple{g * y}; }
};
inline constexpr function<exp_op> exp{};

namespace ast {
template <expression X>
constexpr made<exp_op, X> exp(X x) {
    return apply<exp_op>(x);
}
}  // namespace ast

}  // namespace xgrad
