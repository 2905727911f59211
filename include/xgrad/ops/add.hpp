// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/lanes.hpp>

namespace xgrad {

/// a + b, element by element.
///
/// Shape       [A...], [B...]  ->  their NumPy broadcast
/// Derivative  1, 1
struct add_op : elementwise<2> {
    static constexpr std::string_view name = "add", symbol = "+";
    static constexpr bool commutative = true, foldable = true;

    static constexpr auto value(auto a, auto b) { return a + b; }
    static constexpr auto pullback(auto g, auto, auto, auto) { return std::tuple{g, g}; }
};
inline constexpr function<add_op> add{};

namespace ast {
template <expression A, expression B>
constexpr made<add_op, A, B> operator+(A a, B b) {
    return apply<add_op>(a, b);
}
}  // namespace ast

}  // namespace xgrad
