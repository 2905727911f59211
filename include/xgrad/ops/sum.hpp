// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/axes.hpp>
#include <xgrad/ops/movement.hpp>

namespace xgrad {

/// sum(x), sum(x, axes): over all axes, or over those given by position or name.
///
/// Shape       [S...]  ->  [S... without the axes]
/// Derivative  1, spread over the summed axes
/// Method      two-level sums in the lanes of a row; totals over rows in double
struct sum_op : reducing {
    static constexpr std::string_view name = "sum";

    static constexpr double start = 0;
    static constexpr auto combine(auto a, auto b) { return a + b; }
    static constexpr auto pullback(auto g, auto y, auto x) { return std::tuple{g.insert_axes(y.attr().axes, x)}; }
    static constexpr auto tangent(auto y, auto, auto t) { return t.sum(y.attr().axes); }
};

inline constexpr struct {
    template <ast::symbolic X, class... Axes>
    constexpr auto operator()(X x, Axes... which) const {
        return detail::reduce<sum_op>(x, which...);
    }
} sum{};

namespace ast {
template <symbolic X, class... Axes>
constexpr auto sum(X x, Axes... which) {
    return detail::reduce<sum_op>(x, which...);
}
}  // namespace ast

}  // namespace xgrad
