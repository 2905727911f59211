// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/overlap.hpp>

namespace xgrad {

/// mcc(p, y) = 1 - Matthews' correlation coefficient of prediction and target over the last axis: true negatives count too.
///
/// Formula     1 - (TP TN - FP FN) / sqrt((TP + FP) (TP + FN) (TN + FP) (TN + FN)), epsilon added to each of the four
/// Gradient    the quotient rule
/// Shape       p, y [S..., D]  ->  [S...]
/// Domain      p, y in [0, 1]
/// Options     epsilon(1e-5_c); from_logits; over(axes<...>); pixel_mask(m); those of every loss
/// Method      the four as shares of the pixels, so that no product overflows; where the coefficient is above 0, the square root's argument
///             minus the square of the numerator as a sum of what is not negative, so that a loss close to 0 keeps its digits
/// Source      Abhishek and Hamarneh, ISBI 2021; segmentation_models.pytorch MCCLoss
/// Catalogue   loss, segmentation
template <ast::symbolic P, ast::symbolic Y, class... Options>
constexpr auto mcc(P given, Y target, Options... options) {
    constexpr auto known = named::epsilon | named::from_logits | named::over | named::pixel_mask;
    const auto found = detail::overlap_of(given, target, options...);
    const auto epsilon = detail::number_or<named::epsilon>(number<1e-5>, options...);
    const auto p = detail::probability_of(given, options...);
    const auto y = counted(target, number<0.0>, options...);
    const auto neither = sum((number<1.0> - p) * detail::in_pixels(number<1.0> - y, options...), detail::number_or<named::over>(axes<-1>, options...));
    const auto pixels = number<4.0> * epsilon + ((found.both + neither) + (found.false_positives + found.false_negatives));
    const auto a = (found.both + epsilon) / pixels;
    const auto b = (found.false_positives + epsilon) / pixels;
    const auto c = (found.false_negatives + epsilon) / pixels;
    const auto d = (neither + epsilon) / pixels;
    const auto above = a * d - b * c;
    const auto below = sqrt((a + b) * (c + d) * ((a + c) * (b + d)));
    const auto rest = (a * c + b * d) * (a * b + c * d) + (a * d + b * c) * ((a + d) * (b + c)) + number<4.0> * (a * b * (c * d));
    const auto rows = select(above > number<0.0>, rest / (below * (below + above)), number<1.0> - above / below);
    return reduced<known>(rows, nothing, nothing, options...);
}

}  // namespace xgrad
