// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/options.hpp>

namespace xgrad {

/// mean_squared_error(p, y) = mean((p - y)^2) over the last axis.
///
/// Formula     mean (p - y)^2
/// Gradient    2 (p - y) / D
/// Shape       p, y [S..., D]  ->  [S...]
/// Options     those of every loss
/// Source      Legendre 1805
/// Catalogue   loss, regression
template <ast::symbolic P, ast::symbolic Y, class... Options>
constexpr auto mean_squared_error(P p, Y y, Options... options) {
    static_assert(is_bad<P> || detail::rank_of<P>() >= 1, "xgrad::mean_squared_error(p, y): p needs an axis to average over. Fix: use square(p - y).");
    return reduced(mean(square(counted(difference(p, y), number<0.0>, options...)), axes<-1>), nothing, nothing, options...);
}

}  // namespace xgrad
