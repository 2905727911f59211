// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/exp.hpp>
#include <xgrad/ops/square.hpp>

namespace xgrad {

/// erf(x) = 2 / sqrt(pi) times the integral of e^(-t^2) from 0 to x, the error function.
///
/// Shape       [S...]  ->  [S...]
/// Derivative  2 / sqrt(pi) e^(-x^2)
/// Limits      -inf gives -1, +inf gives 1, NaN gives NaN
/// Source      Abramowitz and Stegun, 7.1
struct erf_op : elementwise<1> {
    static constexpr std::string_view name = "erf";
    static constexpr bool heavy = true;
    static constexpr error_bound error{.from = -6, .to = 6, .ulp = 1.5};

    static constexpr auto value(auto x) { return lanes::erf(x); }
    static constexpr auto partials(auto x) { return std::tuple{number<2 * std::numbers::inv_sqrtpi> * ast::apply<exp_op>(-ast::apply<square_op>(x))}; }
};
inline constexpr function<erf_op> erf{};

namespace ast {
template <expression X>
constexpr made<erf_op, X> erf(X x) {
    return apply<erf_op>(x);
}
}  // namespace ast

}  // namespace xgrad
