// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/overlap.hpp>

namespace xgrad {

/// jaccard(p, y) = 1 - (sum(p y) + smooth) / (sum(p) + sum(y) - sum(p y) + smooth) over the last axis: intersection over union.
///
/// Formula     (FP + FN) / (TP + FP + FN + smooth), TP = sum(p y), FP = sum(p (1 - y)), FN = sum((1 - p) y)
/// Gradient    ((TP + smooth) (1 - y) - y D) / D^2, D = TP + FP + FN + smooth
/// Shape       p, y [S..., D]  ->  [S...], the classes among S
/// Domain      p, y in [0, 1]
/// Options     those of dice
/// Limits      0 where p and y are empty
/// Source      Jaccard 1901; segmentation_models.pytorch JaccardLoss
/// Catalogue   loss, segmentation
template <ast::symbolic P, ast::symbolic Y, class... Options>
constexpr auto jaccard(P p, Y y, Options... options) {
    const auto found = detail::overlap_of(p, y, options...);
    const auto smooth = detail::number_or<named::smooth>(number<0.0>, options...);
    const auto errors = found.false_positives + found.false_negatives;
    return detail::reduced_overlap<detail::overlap_options>(detail::one_minus_share(found.both + smooth, errors, options...), found.wanted, options...);
}

}  // namespace xgrad
