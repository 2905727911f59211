// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/log1p.hpp>
#include <xgrad/ops/softmax.hpp>

namespace xgrad {

namespace detail {
/// The sum of exp(d) but for one largest entry, where d <= 0 and the largest are 0: entries below, and ties but one.
constexpr auto sum_beside_largest(auto d, std::uint32_t mask) {
    const auto zero = constant(d, 0), one = constant(d, 1);
    const auto below = d < zero;
    const auto smaller = ast::apply<select_op>(below, ast::apply<exp_op>(d), zero).sum(mask);
    const auto largest = ast::apply<select_op>(below, zero, one).sum(mask);
    return smaller + (largest - constant(largest, 1));
}
/// log(sum exp(d)) by log1p: six digits even where one entry is nearly all.
constexpr auto log_of_shifted_sum(auto d, std::uint32_t mask) { return ast::apply<log1p_op>(sum_beside_largest(d, mask)); }
}  // namespace detail

/// log_softmax(x) over the last axis, log_softmax(x, axes) over others: x - log(sum(e^x)).
///
/// Formula     (x - max) - log1p(sum of e^(x - max) over all but the largest)
/// Gradient    g - softmax(x) sum(g) for a cotangent g
/// Shape       [S...]  ->  [S...]
/// Domain      every real x; the result is at most 0
/// Method      by log1p: accurate at 0 and at logits of 1e8
/// Source      Bridle, NIPS 1989
/// Catalogue   activation
struct log_softmax_op : normalisation {
    static constexpr std::string_view name = "log_softmax";

    static constexpr auto expand(auto y, auto x) {
        const auto mask = y.attr().axes;
        const auto d = detail::shifted::of(x, mask);
        return d - detail::log_of_shifted_sum(d, mask).insert_axes(mask, x);
    }
    static constexpr auto pullback(auto g, auto y, auto) {
        const auto mask = y.attr().axes;
        using part = decltype(g);  // clang would look into a lambda of `auto` before the ops in it are known
        return std::tuple{g.labels_apart([&](part p) -> part { return p - ast::apply<exp_op>(y) * p.sum(mask).insert_axes(mask, y); })};
    }
    static constexpr auto tangent(auto y, auto, auto t) {
        const auto mask = y.attr().axes;
        return t - (ast::apply<exp_op>(y) * t).sum(mask).insert_axes(mask, y);
    }
};
inline constexpr struct {
    template <ast::symbolic X, class... Axes>
    constexpr auto operator()(X x, Axes... which) const {
        return detail::normalise<log_softmax_op>(x, which...);
    }
} log_softmax{};

namespace ast {
template <symbolic X, class... Axes>
constexpr auto log_softmax(X x, Axes... which) {
    return detail::normalise<log_softmax_op>(x, which...);
}
}  // namespace ast

}  // namespace xgrad
