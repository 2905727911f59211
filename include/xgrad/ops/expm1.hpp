// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/exp.hpp>

namespace xgrad {

/// expm1(x) = e^x - 1, accurate near 0.
///
/// Shape       [S...]  ->  [S...]
/// Derivative  exp(x)
/// Limits      -inf gives -1, +inf gives +inf, NaN gives NaN
struct expm1_op : elementwise<1> {
    static constexpr std::string_view name = "expm1";
    static constexpr bool heavy = true;
    static constexpr error_bound error{.from = -100, .to = 88.72, .ulp = 2};

    static constexpr auto value(auto x) { return lanes::expm1(x); }
    static constexpr auto partials(auto x) { return std::tuple{ast::apply<exp_op>(x)}; }
};
inline constexpr function<expm1_op> expm1{};

namespace ast {
template <expression X>
constexpr made<expm1_op, X> expm1(X x) {
    return apply<expm1_op>(x);
}
}  // namespace ast

}  // namespace xgrad
