// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/lanes.hpp>

namespace xgrad {

/// a * b, element by element (a matrix product is `matmul`).
///
/// Shape       [A...], [B...]  ->  their NumPy broadcast
/// Derivative  b, a
/// Method      rounded by itself, never with a sum it stands in: the same bits in every kernel, and with every -ffp-contract
struct multiply_op : elementwise<2> {
    static constexpr std::string_view name = "multiply", symbol = "*";
    static constexpr bool commutative = true, foldable = true;

    static constexpr auto value(auto a, auto b) { return lanes::rounded(a * b); }
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
