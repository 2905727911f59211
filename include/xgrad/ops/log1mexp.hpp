// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/expm1.hpp>

namespace xgrad {

/// log1mexp(x) = log(1 - e^x): from the logarithm of a probability that of the others.
///
/// Shape       [S...]  ->  [S...]
/// Domain      x <= 0; above 0 the result is NaN
/// Derivative  -1 / (e^-x - 1)
/// Limits      0 gives -inf, -inf gives 0
/// Method      log(-expm1(x)) down to -log 2, log1p(-exp(x)) below; each loses all digits where the other is good
/// Source      Maechler, Accurately computing log(1 - exp(-|a|)), 2012
struct log1mexp_op : elementwise<1> {
    static constexpr std::string_view name = "log1mexp";
    static constexpr bool heavy = true;
    static constexpr error_bound error{.from = -87, .to = 0, .ulp = 2};

    static constexpr auto value(auto x) { return lanes::log1mexp(x); }
    static constexpr auto pullback(auto g, auto, auto x) { return std::tuple{-(g / ast::apply<expm1_op>(-x))}; }
};
inline constexpr function<log1mexp_op> log1mexp{};

namespace ast {
template <expression X>
constexpr made<log1mexp_op, X> log1mexp(X x) {
    return apply<log1mexp_op>(x);
}
}  // namespace ast

}  // namespace xgrad
