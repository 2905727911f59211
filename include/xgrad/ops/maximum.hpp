// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/select.hpp>

namespace xgrad {

/// maximum(a, b): the larger, element by element. NaN in either operand gives NaN.
///
/// Shape       [A...], [B...]  ->  their NumPy broadcast
/// Derivative  g to the larger; to the second where they are equal
struct maximum_op : elementwise<2> {
    static constexpr std::string_view name = "maximum";
    static constexpr bool exact = true;

    static constexpr auto value(auto a, auto b) {
        using lanes::select;
        return select(a == a, select(a > b, a, b), a);
    }
    static constexpr auto pullback(auto g, auto, auto a, auto b) {
        const auto zero = constant(g, 0);
        return std::tuple{ast::apply<select_op>(a > b, g, zero), ast::apply<select_op>(a > b, zero, g)};
    }
};
inline constexpr function<maximum_op> maximum{};

namespace ast {
template <expression A, expression B>
constexpr made<maximum_op, A, B> maximum(A a, B b) {
    return apply<maximum_op>(a, b);
}
template <class... X>
    requires plain_number_among<X...>
constexpr auto maximum(X... x) {
    return refuse_plain_number(x...);
}
}  // namespace ast

}  // namespace xgrad
