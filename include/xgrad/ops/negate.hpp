// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/lanes.hpp>

namespace xgrad {

/// -a, element by element.
///
/// Shape       [S...]  ->  [S...]
/// Derivative  -1
struct negate_op : elementwise<1> {
    static constexpr std::string_view name = "negate", symbol = "-";
    static constexpr bool foldable = true, exact = true;

    static constexpr auto value(auto a) { return a * constant(a, -1); }  // keeps the sign of zero, which 0 - a loses
    static constexpr auto pullback(auto g, auto, auto) { return std::tuple{-g}; }
};
inline constexpr function<negate_op> negate{};

namespace ast {
template <expression A>
constexpr made<negate_op, A> operator-(A a) {
    return apply<negate_op>(a);
}
}  // namespace ast

}  // namespace xgrad
