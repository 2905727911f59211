// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/lanes.hpp>

namespace xgrad {

/// a * b, element by element (a matrix product is `matmul`).
///
/// Shape       [A...], [B...]  ->  their NumPy broadcast
/// Derivative  b, a
struct multiply_op : elementwise<2> {
    static constexpr std::string_view name = "multiply", symbol = "*";
    static constexpr bool commutative = true, foldable = true;

    static constexpr auto value(auto a, auto b) { return a * b; }
    static constexpr auto partials(auto a, auto b) { return std::tuple{b, a}; }
};
inline constexpr function<multiply_op> multiply{};

namespace ast {
template <expression A, expression B>
constexpr made<multiply_op, A, B> operator*(A a, B b) {
    return apply<multiply_op>(a, b);
}
}  // namespace ast

}  // namespace xgrad
