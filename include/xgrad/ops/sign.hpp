// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/select.hpp>

namespace xgrad {

/// sign(x): 1 above 0, -1 below.
///
/// Shape       [S...]  ->  [S...]
/// Derivative  0 everywhere
/// Limits      0 and -0 stay what they are, NaN gives NaN
struct sign_op : elementwise<1> {
    static constexpr std::string_view name = "sign";
    static constexpr bool exact = true;

    static constexpr auto value(auto x) {
        using lanes::select;
        return select(x > constant(x, 0), constant(x, 1), select(x < constant(x, 0), constant(x, -1), x));
    }
    static constexpr auto pullback(auto g, auto, auto) { return std::tuple{constant(g, 0)}; }
};
inline constexpr function<sign_op> sign{};

namespace ast {
template <expression X>
constexpr made<sign_op, X> sign(X x) {
    return apply<sign_op>(x);
}
}  // namespace ast

}  // namespace xgrad
