// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/arithmetic.hpp>

namespace xgrad {

/// cos(x), x in radians.
///
/// Shape       [S...]  ->  [S...]
/// Derivative  -sin(x)
/// Limits      infinities and NaN give NaN
struct cos_op : elementwise<1> {
    static constexpr std::string_view name = "cos";
    static constexpr bool heavy = true;
    static constexpr error_bound error{.ulp = 2};

    static constexpr auto value(auto x) { return lanes::cos(x); }
    static constexpr auto partials(auto x);
};

/// sin(x), x in radians.
///
/// Formula     sin(x)
/// Gradient    cos(x)
/// Shape       [S...]  ->  [S...]
/// Limits      infinities and NaN give NaN
/// Method      x less a multiple of pi / 2, subtracted with twice the digits
/// Source      Sitzmann et al., arXiv:2006.09661 (as an activation)
/// Catalogue   activation
struct sin_op : elementwise<1> {
    static constexpr std::string_view name = "sin";
    static constexpr bool heavy = true;
    static constexpr error_bound error{.ulp = 2};

    static constexpr auto value(auto x) { return lanes::sin(x); }
    static constexpr auto partials(auto x) { return std::tuple{ast::apply<cos_op>(x)}; }
};

constexpr auto cos_op::partials(auto x) { return std::tuple{-ast::apply<sin_op>(x)}; }

inline constexpr function<sin_op> sin{};
inline constexpr function<cos_op> cos{};

namespace ast {
template <expression X>
constexpr made<sin_op, X> sin(X x) {
    return apply<sin_op>(x);
}
template <expression X>
constexpr made<cos_op, X> cos(X x) {
    return apply<cos_op>(x);
}
}  // namespace ast

}  // namespace xgrad
