// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/overlap.hpp>

namespace xgrad {

namespace detail {
template <class Overlap, class... Options>
constexpr auto tversky_of(Overlap found, Options... options) {
    const auto smooth = number_or<named::smooth>(number<0.0>, options...);
    const auto a = number_or<named::alpha>(number<0.5>, options...), b = number_or<named::beta>(number<0.5>, options...);
    return one_minus_share(found.both + smooth, a * found.false_positives + b * found.false_negatives, options...);
}
}  // namespace detail

/// tversky(p, y) = 1 - (TP + smooth) / (TP + alpha FP + beta FN + smooth) over the last axis: dice with a price for each kind of error.
///
/// Formula     E / (TP + E + smooth), E = alpha FP + beta FN; TP = sum(p y), FP = sum(p (1 - y)), FN = sum((1 - p) y)
/// Gradient    ((TP + smooth) (alpha (1 - y) - beta y) - y E) / D^2, D = TP + E + smooth
/// Shape       p, y [S..., D]  ->  [S...], the classes among S
/// Domain      p, y in [0, 1]
/// Options     alpha(0.5_c), beta(0.5_c); those of dice
/// Limits      0 where p and y are empty
/// Source      Salehi et al., MLMI 2017; segmentation_models.pytorch TverskyLoss; Keras Tversky
/// Catalogue   loss, segmentation
template <ast::symbolic P, ast::symbolic Y, class... Options>
constexpr auto tversky(P p, Y y, Options... options) {
    const auto found = detail::overlap_of(p, y, options...);
    return detail::reduced_overlap<detail::overlap_options | named::alpha | named::beta>(detail::tversky_of(found, options...), found.wanted, options...);
}

}  // namespace xgrad
