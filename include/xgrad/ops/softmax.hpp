// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/exp.hpp>
#include <xgrad/ops/max.hpp>

namespace xgrad {

namespace detail {
/// The steps softmax and its relatives share; equal steps become one node. A row of -inf alone is shifted by 0. A number in front (a
/// temperature) multiplies the difference: c a - max(c a) would round c a first, and need not be 0 at the largest.
struct shifted {
    constexpr auto static by(auto x, std::uint32_t axes) {
        const auto largest = x.max(axes);
        const auto infinite = constant(largest, -std::numeric_limits<double>::infinity());
        return ast::apply<select_op>(largest == infinite, constant(largest, 0), largest);
    }
    constexpr auto static of(auto x, std::uint32_t axes) {
        const auto [c, a] = x.positive_multiple();
        const auto difference = a - by(a, axes).insert_axes(axes, x);
        return c == 1 ? difference : constant(x, c) * difference;
    }
    /// What `of` took away.
    constexpr auto static shift(auto x, std::uint32_t axes) {
        const auto [c, a] = x.positive_multiple();
        const auto largest = by(a, axes);
        return c == 1 ? largest : constant(x, c) * largest;
    }
};

template <class Op, class X, class... Axes>
constexpr auto normalise(X x, Axes... which) {
    if constexpr (sizeof...(Axes) == 0) {
        return reduce<Op>(x, axes<-1>);
    } else {
        return reduce<Op>(x, which...);
    }
}
}  // namespace detail

/// softmax(x) over the last axis, softmax(x, axes) over others: e^x / sum(e^x).
///
/// Formula     e^(x - max(x)) / sum(e^(x - max(x)))
/// Gradient    y (g - sum(g y)) for a cotangent g
/// Shape       [S...]  ->  [S...]
/// Domain      every real x; the result is a probability, and a row sums to 1
/// Limits      a row of -inf alone, or with +inf, gives NaN
/// Method      e^(x - max(x)), so that nothing overflows
/// Source      Bridle, NIPS 1989
/// Catalogue   activation
struct softmax_op : normalisation {
    static constexpr std::string_view name = "softmax";
    static constexpr domain range = domain::probability;

    static constexpr auto expand(auto y, auto x) {
        const auto mask = y.attr().axes;
        const auto e = ast::apply<exp_op>(detail::shifted::of(x, mask));
        const auto total = e.sum(mask);
        return e * (constant(total, 1) / total).insert_axes(mask, x);
    }
    static constexpr auto pullback(auto g, auto y, auto) {
        const auto mask = y.attr().axes;
        return std::tuple{y * (g - (g * y).sum(mask).insert_axes(mask, y))};
    }
    static constexpr auto tangent(auto y, auto, auto t) {
        const auto mask = y.attr().axes;
        return y * (t - (t * y).sum(mask).insert_axes(mask, y));
    }
};
inline constexpr struct {
    template <ast::symbolic X, class... Axes>
    constexpr auto operator()(X x, Axes... which) const {
        return detail::normalise<softmax_op>(x, which...);
    }
} softmax{};

namespace ast {
template <symbolic X, class... Axes>
constexpr auto softmax(X x, Axes... which) {
    return detail::normalise<softmax_op>(x, which...);
}
}  // namespace ast

}  // namespace xgrad
