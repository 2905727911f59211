// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/options.hpp>

namespace xgrad {

/// mean_squared_logarithmic_error(p, y) = mean((log(1 + p) - log(1 + y))^2) over the last axis.
///
/// Formula     mean log1p(|p - y| / (1 + min(p, y)))^2
/// Gradient    2 (log(1 + p) - log(1 + y)) / (D (1 + p))
/// Shape       p, y [S..., D]  ->  [S...]
/// Options     those of every loss
/// Domain      p, y > -1; p below -1 gives NaN (Keras counts p < 1e-7 as 1e-7, which has no gradient)
/// Method      one logarithm of a quotient: the difference of two loses all digits where p is close to y
/// Source      Keras MeanSquaredLogarithmicError
/// Catalogue   loss, regression
template <ast::symbolic P, ast::symbolic Y, class... Options>
constexpr auto mean_squared_logarithmic_error(P given, Y target, Options... options) {
    const auto p = counted(given, number<0.0>, options...);
    const auto y = counted(target_for(given, target), number<0.0>, options...);
    const auto distance = log1p(abs(p - y) / (number<1.0> + minimum(p, y)));
    return reduced(mean(square(distance), axes<-1>), nothing, nothing, options...);
}

}  // namespace xgrad
