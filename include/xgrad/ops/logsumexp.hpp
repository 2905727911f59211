// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/log_softmax.hpp>

namespace xgrad {

/// logsumexp(x), logsumexp(x, axes): log(sum(e^x)).
///
/// Shape       [S...]  ->  [S... without the axes]
/// Derivative  softmax(x)
/// Limits      a row of -inf alone gives -inf; +inf gives NaN
/// Method      max + log1p(sum of e^(x - max) over all but the largest)
struct logsumexp_op : reducing {
    static constexpr std::string_view name = "logsumexp";
    static constexpr op_kind kind = op_kind::composite;
    static constexpr bool heavy = true;

    static constexpr auto expand(auto y, auto x) {
        const auto mask = y.attr().axes;
        return detail::shifted::shift(x, mask) + detail::log_of_shifted_sum(detail::shifted::of(x, mask), mask);
    }
    static constexpr auto pullback(auto g, auto y, auto x) {
        const auto mask = y.attr().axes;
        return std::tuple{g.insert_axes(mask, x) * x.softmax(mask)};
    }
    static constexpr auto tangent(auto y, auto x, auto t) {
        const auto mask = y.attr().axes;
        return (x.softmax(mask) * t).sum(mask);
    }
};
inline constexpr struct {
    template <ast::symbolic X, class... Axes>
    constexpr auto operator()(X x, Axes... which) const {
        return detail::reduce<logsumexp_op>(x, which...);
    }
} logsumexp{};

namespace ast {
template <symbolic X, class... Axes>
constexpr auto logsumexp(X x, Axes... which) {
    return detail::reduce<logsumexp_op>(x, which...);
}
}  // namespace ast

}  // namespace xgrad
