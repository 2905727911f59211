// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/compare.hpp>

namespace xgrad {

/// indicator(c) = 1 where c holds, else 0: a boolean as a number.
///
/// Shape       [S...]  ->  [S...]
/// Derivative  0
struct indicator_op : elementwise<1> {
    static constexpr std::string_view name = "indicator";
    static constexpr bool exact = true;
    static constexpr domain range = domain::boolean;
    static constexpr unsigned boolean_operands = 1;

    static constexpr auto value(auto c) { return c; }  // a register that holds a mask reads as 1 and 0
    static constexpr auto pullback(auto g, auto, auto) { return std::tuple{constant(g, 0)}; }
};
inline constexpr function<indicator_op> indicator{};

namespace ast {
template <expression C>
constexpr made<indicator_op, C> indicator(C c) {
    return apply<indicator_op>(c);
}
}  // namespace ast

}  // namespace xgrad
