// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/count.hpp>
#include <xgrad/ops/divide.hpp>
#include <xgrad/ops/sum.hpp>

namespace xgrad {

/// mean(x), mean(x, axes): the sum divided by the number of elements summed.
///
/// Shape       [S...]  ->  [S... without the axes]
/// Derivative  1 / count, spread over the summed axes
inline constexpr struct {
    template <ast::symbolic X, class... Axes>
    constexpr auto operator()(X x, Axes... which) const {
        return detail::reduce<sum_op>(x, which...) / detail::reduce<count_op>(x, which...);
    }
    /// mean(axis)(x) = mean(x, axis): as a layer, one row of all steps.
    ///
    /// Formula     the sum of x_s over the steps s of the axis, divided by how many there are
    /// Gradient    of each step g divided by how many there are
    /// Shape       x [S...] with the axis anywhere  ->  [S... without the axis]
    /// Limits      filling counts as well: where there is some, divide by hand (docs/sequences.md)
    /// Source      Keras GlobalAveragePooling1D
    /// Catalogue   layer
    template <class Axes>
        requires detail::is_axes<Axes>
    constexpr auto operator()(Axes) const {
        return detail::along_axes<std::remove_cvref_t<decltype(*this)>, Axes>{};
    }
} mean{};

namespace ast {
template <symbolic X, class... Axes>
constexpr auto mean(X x, Axes... which) {
    return xgrad::mean(x, which...);
}
}  // namespace ast

}  // namespace xgrad
