// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/axes.hpp>
#include <xgrad/ops/indicator.hpp>
#include <xgrad/ops/maximum.hpp>
#include <xgrad/ops/movement.hpp>

namespace xgrad {

/// max(x), max(x, axes): the largest element; max(a, b): the larger of two, element by element.
///
/// Shape       [S...]  ->  [S... without the axes]
/// Derivative  1 at the largest element; equal ones share it evenly
/// Limits      NaN anywhere gives NaN
struct max_op : reducing {
    static constexpr std::string_view name = "max";
    static constexpr bool exact = true;

    static constexpr double start = -std::numeric_limits<double>::infinity();
    static constexpr auto combine(auto a, auto b) { return lanes::larger(a, b); }
    static constexpr auto pullback(auto g, auto y, auto x) {
        const auto mask = y.attr().axes;
        const auto hit = ast::apply<indicator_op>(x == y.insert_axes(mask, x));
        return std::tuple{g.insert_axes(mask, x) * hit / hit.sum(mask).insert_axes(mask, x)};
    }
    static constexpr auto tangent(auto y, auto x, auto t) {
        const auto mask = y.attr().axes;
        const auto hit = ast::apply<indicator_op>(x == y.insert_axes(mask, x));
        return (hit * t).sum(mask) / hit.sum(mask);
    }
};

namespace detail {
struct max_function {
    template <ast::symbolic X, class... Rest>
    constexpr auto operator()(X x, Rest... rest) const {
        if constexpr (sizeof...(Rest) == 1 && ((ast::symbolic<Rest> || std::is_arithmetic_v<Rest>) && ...)) {
            return maximum(x, rest...);
        } else {
            return reduce<max_op>(x, rest...);
        }
    }
};
}  // namespace detail
inline constexpr detail::max_function max{};

namespace ast {
template <symbolic X, class... Rest>
constexpr auto max(X x, Rest... rest) {
    return xgrad::max(x, rest...);
}
}  // namespace ast
}  // namespace xgrad
