// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/overlap.hpp>

namespace xgrad {

/// dice(p, y) = 1 - (2 sum(p y) + smooth) / (sum(p) + sum(y) + smooth) over the last axis, the pixels: 0 for equal masks.
///
/// Formula     (FP + FN) / (2 TP + FP + FN + smooth), TP = sum(p y), FP = sum(p (1 - y)), FN = sum((1 - p) y)
/// Gradient    (2 TP + smooth - 2 y D) / D^2, D = sum(p) + sum(y) + smooth
/// Shape       p, y [S..., D]  ->  [S...], the classes among S
/// Domain      p, y in [0, 1]
/// Options     smooth(0_c); log_loss: -log(max(1 - loss, epsilon)), epsilon(1e-7_c); from_logits; over(axes<...>) instead of the last axis;
///             pixel_mask(m); present_only; those of every loss: row_weight(w), w [C], weighs classes (0 for the background)
/// Limits      0 where p and y are empty
/// Source      Milletari et al., 3DV 2016; segmentation_models.pytorch DiceLoss, whose mean counts rows without a target as 0:
///             present_only, normaliser<"batch">
/// Catalogue   loss, segmentation
template <ast::symbolic P, ast::symbolic Y, class... Options>
constexpr auto dice(P p, Y y, Options... options) {
    const auto found = detail::overlap_of(p, y, options...);
    const auto smooth = detail::number_or<named::smooth>(number<0.0>, options...);
    const auto errors = found.false_positives + found.false_negatives;
    return detail::reduced_overlap<detail::overlap_options>(detail::one_minus_share(number<2.0> * found.both + smooth, errors, options...), found.wanted, options...);
}

}  // namespace xgrad
