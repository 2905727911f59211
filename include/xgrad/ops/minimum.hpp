// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/select.hpp>

namespace xgrad {

/// minimum(a, b): the smaller, element by element. NaN in either operand gives NaN.
///
/// Shape       [A...], [B...]  ->  their NumPy broadcast
/// Derivative  g to the smaller; to the second where they are equal
struct minimum_op : elementwise<2> {
    static constexpr std::string_view name = "minimum";
    static constexpr bool exact = true;

    static constexpr auto value(auto a, auto b) {
        using lanes::select;
        return select(a == a, select(a < b, a, b), a);
    }
    static constexpr auto pullback(auto g, auto, auto a, auto b) {
        const auto zero = constant(g, 0);
        return std::tuple{ast::apply<select_op>(a < b, g, zero), ast::apply<select_op>(a < b, zero, g)};
    }
};
inline constexpr function<minimum_op> minimum{};
inline constexpr function<minimum_op> min{};

namespace ast {
template <expression A, expression B>
constexpr made<minimum_op, A, B> minimum(A a, B b) {
    return apply<minimum_op>(a, b);
}
template <class... X>
    requires plain_number_among<X...>
constexpr auto minimum(X... x) {
    return refuse_plain_number(x...);
}
template <symbolic A, symbolic B>
constexpr made<minimum_op, A, B> min(A a, B b) {
    return apply<minimum_op>(a, b);
}
}  // namespace ast

}  // namespace xgrad
