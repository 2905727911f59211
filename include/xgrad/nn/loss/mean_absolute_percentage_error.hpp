// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/numbers.hpp>

namespace xgrad {

/// mean_absolute_percentage_error(p, y) = 100 mean(|p - y| / max(|y|, epsilon)) over the last axis.
///
/// Formula     100 mean(|p - y| / max(|y|, epsilon))
/// Gradient    100 sign(p - y) / (D max(|y|, epsilon)), 0 at 0
/// Shape       p, y [S..., D]  ->  [S...]
/// Options     epsilon(1e-7_c); those of every loss
/// Source      Keras MeanAbsolutePercentageError
/// Catalogue   loss, regression
template <ast::symbolic P, ast::symbolic Y, class... Options>
constexpr auto mean_absolute_percentage_error(P p, Y target, Options... options) {
    const auto y = counted(target, number<1.0>, options...);
    const auto least = detail::number_or<named::epsilon>(number<1e-7>, options...);
    const auto share = abs(counted(difference(p, target), number<0.0>, options...)) / maximum(abs(y), least);
    return reduced<named::epsilon>(number<100.0> * mean(share, axes<-1>), nothing, nothing, options...);
}

}  // namespace xgrad
