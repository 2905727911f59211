// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/divide.hpp>

namespace xgrad {

/// log(x), the natural logarithm.
///
/// Shape       [S...]  ->  [S...]
/// Domain      x >= 0; below 0 the result is NaN
/// Derivative  1 / x
/// Limits      0 gives -inf, +inf gives +inf
struct log_op : elementwise<1> {
    static constexpr std::string_view name = "log";
    static constexpr bool heavy = true;
    static constexpr error_bound error{.from = 1e-44, .to = 3e38, .ulp = 1};

    static constexpr auto value(auto x) { return lanes::log(x); }
    static constexpr auto pullback(auto g, auto, auto x) { return std::tuple{g / x}; }
};
inline constexpr function<log_op> log{};

namespace ast {
template <expression X>
constexpr made<log_op, X> log(X x) {
    return apply<log_op>(x);
}
}  // namespace ast

}  // namespace xgrad
