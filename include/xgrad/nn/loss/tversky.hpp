// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/overlap.hpp>

namespace xgrad {

namespace detail {
template <class Overlap, class... Options>
constexpr auto tversky_of(Overlap found, Options... options) {
    const auto smooth = number_or<named::smooth>(number<0.0>, options...);
    const auto a = number_or<named::alpha>(number<0.5>, options...);
    const auto b = number_or<named::beta>(number<0.5>, options...);
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

/// focal_tversky(p, y) = tversky(p, y)^gamma: with gamma below 1 small losses keep counting, above 1 they are let go.
///
/// Formula     tversky(p, y)^gamma
/// Gradient    gamma tversky^(gamma - 1) times that of tversky; with gamma < 1 infinite where the loss is 0
/// Shape       p, y [S..., D]  ->  [S...], the classes among S
/// Domain      p, y in [0, 1]; gamma > 0
/// Options     gamma(0.75_c), alpha(0.5_c), beta(0.5_c); those of dice but log_loss
/// Source      Abraham and Khan, ISBI 2019, whose 1 / gamma is gamma here, as in segmentation_models.pytorch
/// Catalogue   loss, segmentation
template <ast::symbolic P, ast::symbolic Y, class... Options>
constexpr auto focal_tversky(P p, Y y, Options... options) {
    static_assert(!detail::has_option<named::log_loss, Options...>, "xgrad::focal_tversky(p, y): the power is of the loss itself. Fix: leave out log_loss.");
    const auto found = detail::overlap_of(p, y, options...);
    const auto rows = pow(detail::tversky_of(found, options...), detail::number_or<named::gamma>(number<0.75>, options...));
    return detail::reduced_overlap<detail::overlap_options | named::alpha | named::beta | named::gamma>(rows, found.wanted, options...);
}

}  // namespace xgrad
