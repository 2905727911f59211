// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/exp.hpp>
#include <xgrad/ops/square.hpp>

namespace xgrad {

/// erfc(x) = 1 - erf(x), with its digits where erf(x) rounds to 1.
///
/// Shape       [S...]  ->  [S...]
/// Derivative  -2 / sqrt(pi) e^(-x^2)
/// Limits      -inf gives 2, +inf gives 0, NaN gives NaN
/// Source      Abramowitz and Stegun, 7.1
struct erfc_op : elementwise<1> {
    static constexpr std::string_view name = "erfc";
    static constexpr bool heavy = true;
    static constexpr error_bound error{.from = -6, .to = 26.5, .ulp = 4};

    static constexpr auto value(auto x) { return lanes::erfc(x); }
    static constexpr auto partials(auto x) { return std::tuple{number<-2 * std::numbers::inv_sqrtpi> * ast::apply<exp_op>(-ast::apply<square_op>(x))}; }
};
inline constexpr function<erfc_op> erfc{};

namespace ast {
template <expression X>
constexpr made<erfc_op, X> erfc(X x) {
    return apply<erfc_op>(x);
}
}  // namespace ast

}  // namespace xgrad
