// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/arithmetic.hpp>

namespace xgrad {

/// log1p(x) = log(1 + x), accurate near 0.
///
/// Shape       [S...]  ->  [S...]
/// Domain      x >= -1
/// Derivative  1 / (1 + x)
/// Limits      -1 gives -inf, +inf gives +inf
struct log1p_op : elementwise<1> {
    static constexpr std::string_view name = "log1p";
    static constexpr bool heavy = true;
    static constexpr error_bound error{.from = -0.9999, .to = 3e38, .ulp = 1.5};

    static constexpr auto value(auto x) { return lanes::log1p(x); }
    static constexpr auto pullback(auto g, auto, auto x) { return std::tuple{g / (number<1.0> + x)}; }
};
inline constexpr function<log1p_op> log1p{};

namespace ast {
template <expression X>
constexpr made<log1p_op, X> log1p(X x) {
    return apply<log1p_op>(x);
}
}  // namespace ast

}  // namespace xgrad
