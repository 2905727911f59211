// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/compare.hpp>

namespace xgrad {

/// select(c, a, b): a where c holds, else b. What is not chosen has no influence, not even as NaN.
///
/// Shape       [C...], [A...], [B...]  ->  their NumPy broadcast
/// Domain      c boolean (a comparison or a mask)
/// Derivative  a: g where c; b: g elsewhere
struct select_op : elementwise<3> {
    static constexpr std::string_view name = "select";
    static constexpr bool exact = true;
    static constexpr unsigned boolean_operands = 1;

    static constexpr auto value(auto c, auto a, auto b) {
        using lanes::select;
        return select(c, a, b);
    }
    static constexpr auto pullback(auto g, auto, auto c, auto, auto) {
        return std::tuple{constant(g, 0), choose(c, g, constant(g, 0)), choose(c, constant(g, 0), g)};
    }

private:
    static constexpr auto choose(auto c, auto a, auto b) { return ast::apply<select_op>(c, a, b); }
};
inline constexpr function<select_op> select{};

namespace ast {
template <expression C, expression A, expression B>
constexpr made<select_op, C, A, B> select(C c, A a, B b) {
    return apply<select_op>(c, a, b);
}
template <class... X>
    requires plain_number_among<X...>
constexpr auto select(X... x) {
    return refuse_plain_number(x...);
}
}  // namespace ast

}  // namespace xgrad
