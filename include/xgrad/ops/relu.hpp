// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/select.hpp>

namespace xgrad {

/// relu(x) = max(x, 0). NaN stays NaN.
///
/// Formula     max(x, 0)
/// Gradient    1 where relu(x) > 0, else 0 (0 at 0), from the result alone
/// Shape       [S...]  ->  [S...]
/// Source      Nair and Hinton, ICML 2010
/// Catalogue   activation
struct relu_op : elementwise<1> {
    static constexpr std::string_view name = "relu";
    static constexpr bool exact = true;

    static constexpr auto value(auto x) {
        using lanes::select;
        return select(x <= constant(x, 0), constant(x, 0), x);
    }
    static constexpr auto pullback(auto g, auto y, auto) {
        const auto zero = constant(g, 0);
        return std::tuple{ast::apply<select_op>(y > zero, g, zero)};
    }
};
inline constexpr function<relu_op> relu{};

namespace ast {
template <expression X>
constexpr made<relu_op, X> relu(X x) {
    return apply<relu_op>(x);
}
}  // namespace ast

}  // namespace xgrad
