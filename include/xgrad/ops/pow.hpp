// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/compare.hpp>
#include <xgrad/ops/log.hpp>
#include <xgrad/ops/select.hpp>

namespace xgrad {

/// pow(x, y) = x^y, element by element.
///
/// Shape       [X...], [Y...]  ->  their NumPy broadcast
/// Domain      x > 0, or y a whole number; elsewhere the result is NaN, and so is the derivative by y where x < 0
/// Derivative  x: y x^(y - 1), 0 where y is 0; y: x^y log(x), 0 where x is 0 and y is not below it
/// Limits      those of std::pow: x^0 and 1^y are 1, also for NaN
/// Method      exponents known to the compiler: 0, 1, 2, 3, 4, -1, -2, 0.5 and -0.5 become products, quotients and roots. In vectors of float
///             y log2(x) is computed in double, since its error is multiplied by it
struct pow_op : elementwise<2> {
    static constexpr std::string_view name = "pow";
    static constexpr bool heavy = true;
    static constexpr error_bound error{.ulp = 1.5};

    static constexpr auto value(auto x, auto y) { return lanes::pow(x, y); }
    static constexpr auto pullback(auto g, auto z, auto x, auto y) {
        const auto zero = constant(g, 0);
        const auto by_x = choose(y == zero, zero, g * y * ast::apply<pow_op>(x, y - number<1.0>));
        return std::tuple{by_x, choose(x == zero, choose(y < zero, g * z * ast::apply<log_op>(x), zero), g * z * ast::apply<log_op>(x))};
    }

private:
    static constexpr auto choose(auto c, auto a, auto b) { return ast::apply<select_op>(c, a, b); }
};
inline constexpr function<pow_op> pow{};

namespace ast {
template <expression X, expression Y>
constexpr made<pow_op, X, Y> pow(X x, Y y) {
    return apply<pow_op>(x, y);
}
template <class... X>
    requires plain_number_among<X...>
constexpr auto pow(X... x) {
    return refuse_plain_number(x...);
}
}  // namespace ast

}  // namespace xgrad
