// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/lanes.hpp>

namespace xgrad {

/// a - b, element by element.
///
/// Shape       [A...], [B...]  ->  their NumPy broadcast
/// Derivative  1, -1
struct subtract_op : elementwise<2> {
    static constexpr std::string_view name = "subtract", symbol = "-";
    static constexpr bool foldable = true;

    static constexpr auto value(auto a, auto b) { return a - b; }
    static constexpr auto pullback(auto g, auto, auto, auto) { return std::tuple{g, -g}; }
};
inline constexpr function<subtract_op> subtract{};

namespace ast {
template <expression A, expression B>
constexpr made<subtract_op, A, B> operator-(A a, B b) {
    return apply<subtract_op>(a, b);
}
}  // namespace ast

}  // namespace xgrad
