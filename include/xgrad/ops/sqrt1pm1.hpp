// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/sqrt.hpp>

namespace xgrad {

/// sqrt1pm1(x) = sqrt(1 + x) - 1, also where x is small: the pseudo-Huber loss is delta^2 sqrt1pm1((e / delta)^2).
///
/// Shape       [S...]  ->  [S...]
/// Domain      x >= -1; NaN below
/// Derivative  1 / (2 sqrt(1 + x))
/// Limits      +inf gives +inf, NaN gives NaN
/// Method      x / (1 + sqrt(1 + x)), which subtracts nothing
struct sqrt1pm1_op : elementwise<1> {
    static constexpr std::string_view name = "sqrt1pm1";
    static constexpr bool heavy = true;
    static constexpr error_bound error{.from = -1, .to = 1e300, .ulp = 2.5};

    static constexpr auto value(auto x) {
        using std::sqrt;
        using lanes::select;
        const auto one = constant(x, 1), root = sqrt(one + x);
        return select(x < constant(x, 0x1p120), x / (one + root), root);  // there 1 counts no longer, and the quotient of infinities is none
    }
    static constexpr auto pullback(auto g, auto y, auto) { return std::tuple{number<0.5> * g / (number<1.0> + y)}; }
};
inline constexpr function<sqrt1pm1_op> sqrt1pm1{};

namespace ast {
template <expression X>
constexpr made<sqrt1pm1_op, X> sqrt1pm1(X x) {
    return apply<sqrt1pm1_op>(x);
}
}  // namespace ast

}  // namespace xgrad
