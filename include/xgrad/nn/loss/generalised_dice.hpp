// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/overlap.hpp>

namespace xgrad {

/// generalised_dice(p, y) = dice of all classes in one, each weighted by 1 / (its pixels)^2, so that small ones count as much.
///
/// Formula     sum(w (FP + FN)) / (sum(w (2 TP + FP + FN)) + smooth) over the classes, w = 1 / max(sum(y), 1)^2
/// Gradient    w (N - 2 y D) / D^2, N = 2 sum(w TP) + smooth, D = the divisor
/// Shape       p, y [S..., C, D]  ->  [S...]
/// Domain      p, y in [0, 1]
/// Options     smooth(0_c), log_loss, epsilon(1e-7_c), from_logits, pixel_mask(m); those of every loss
/// Limits      0 where p and y are empty; a class without pixels weighs as much as one of a single pixel
/// Source      Sudre et al., DLMIA 2017
/// Catalogue   loss, segmentation
template <ast::symbolic P, ast::symbolic Y, class... Options>
constexpr auto generalised_dice(P p, Y y, Options... options) {
    constexpr auto known = named::smooth | named::log_loss | named::epsilon | named::from_logits | named::pixel_mask;
    const auto found = detail::overlap_of(p, y, options...);
    const auto weight = number<1.0> / square(maximum(found.wanted, number<1.0>));
    const auto hits = number<2.0> * sum(weight * found.both, axes<-1>) + detail::number_or<named::smooth>(number<0.0>, options...);
    const auto errors = sum(weight * (found.false_positives + found.false_negatives), axes<-1>);
    return reduced<known>(detail::one_minus_share(hits, errors, options...), nothing, nothing, options...);
}

}  // namespace xgrad
