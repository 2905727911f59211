// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/lanes.hpp>

namespace xgrad {

/// a / b, element by element.
///
/// Shape       [A...], [B...]  ->  their NumPy broadcast
/// Derivative  1 / b, -(a / b) / b
struct divide_op : elementwise<2> {
    static constexpr std::string_view name = "divide", symbol = "/";
    static constexpr bool foldable = true, heavy = true;

    static constexpr auto value(auto a, auto b) { return a / b; }
    static constexpr auto pullback(auto g, auto y, auto, auto b) { return std::tuple{g / b, -(g * y / b)}; }
};
inline constexpr function<divide_op> divide{};

namespace ast {
template <expression A, expression B>
constexpr made<divide_op, A, B> operator/(A a, B b) {
    return apply<divide_op>(a, b);
}
}  // namespace ast

}  // namespace xgrad
