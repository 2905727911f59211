// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/arithmetic.hpp>

namespace xgrad {

/// sqrt(x).
///
/// Shape       [S...]  ->  [S...]
/// Domain      x >= 0; below 0 the result is NaN
/// Derivative  0.5 / sqrt(x)
struct sqrt_op : elementwise<1> {
    static constexpr std::string_view name = "sqrt";
    static constexpr bool heavy = true;
    static constexpr error_bound error{.from = 0, .to = 1e30, .ulp = 2};

    static constexpr auto value(auto x) {
        using std::sqrt;
        return sqrt(x);
    }
    static constexpr auto pullback(auto g, auto y, auto) { return std::tuple{number<0.5> * g / y}; }
};
inline constexpr function<sqrt_op> sqrt{};

namespace ast {
template <expression X>
constexpr made<sqrt_op, X> sqrt(X x) {
    return apply<sqrt_op>(x);
}
}  // namespace ast

}  // namespace xgrad
