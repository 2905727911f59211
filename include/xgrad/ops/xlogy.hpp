// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/compare.hpp>
#include <xgrad/ops/log.hpp>
#include <xgrad/ops/select.hpp>

namespace xgrad {

/// xlogy(x, y) = x log(y), and 0 where x is 0: entropies and divergences.
///
/// Shape       [X...], [Y...]  ->  their NumPy broadcast
/// Domain      y >= 0; below 0 the result is NaN unless x is 0
/// Derivative  log(y), x / y; both 0 where x and y are
/// Limits      x = 0 gives 0 for every y but NaN
struct xlogy_op : elementwise<2> {
    static constexpr std::string_view name = "xlogy";
    static constexpr op_kind kind = op_kind::composite;
    static constexpr bool heavy = true;
    static constexpr error_bound error{.ulp = 2.5};

    static constexpr auto value(auto x, auto y) {
        using lanes::select;
        return select(y == y, select(x == constant(x, 0), constant(x, 0), x * lanes::log(y)), y);
    }
    static constexpr auto pullback(auto g, auto, auto x, auto y) {
        const auto zero = constant(g, 0);
        const auto nothing = choose(x == zero, y, number<1.0>);  // 0 where x and y are
        return std::tuple{choose(nothing == zero, zero, g * ast::apply<log_op>(y)), choose(x == zero, zero, g * x / y)};
    }

private:
    static constexpr auto choose(auto c, auto a, auto b) { return ast::apply<select_op>(c, a, b); }
};
inline constexpr function<xlogy_op> xlogy{};

namespace ast {
template <expression X, expression Y>
constexpr made<xlogy_op, X, Y> xlogy(X x, Y y) {
    return apply<xlogy_op>(x, y);
}
}  // namespace ast

}  // namespace xgrad
