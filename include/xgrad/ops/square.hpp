// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/multiply.hpp>

namespace xgrad {

/// square(x) = x * x.
///
/// Shape       [S...]  ->  [S...]
/// Derivative  2 x
struct square_op : elementwise<1> {
    static constexpr std::string_view name = "square";
    static constexpr bool foldable = true;

    static constexpr auto value(auto x) { return lanes::rounded(x * x); }
    static constexpr auto partials(auto x) { return std::tuple{number<2.0> * x}; }
};
inline constexpr function<square_op> square{};

namespace ast {
template <expression X>
constexpr made<square_op, X> square(X x) {
    return apply<square_op>(x);
}
}  // namespace ast

}  // namespace xgrad
