// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/negate.hpp>
#include <xgrad/ops/select.hpp>

namespace xgrad {

/// abs(x) = |x|.
///
/// Shape       [S...]  ->  [S...]
/// Derivative  sign(x), 0 at 0
struct abs_op : elementwise<1> {
    static constexpr std::string_view name = "abs";
    static constexpr bool exact = true;

    static constexpr auto value(auto x) {
        using std::abs;
        return abs(x);
    }
    static constexpr auto pullback(auto g, auto, auto x) {
        const auto zero = constant(g, 0);
        return std::tuple{ast::apply<select_op>(x > zero, g, ast::apply<select_op>(x < zero, -g, zero))};
    }
};
inline constexpr function<abs_op> abs{};

namespace ast {
template <expression X>
constexpr made<abs_op, X> abs(X x) {
    return apply<abs_op>(x);
}
}  // namespace ast

}  // namespace xgrad
