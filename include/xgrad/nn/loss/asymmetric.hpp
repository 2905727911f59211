// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/focal_factor.hpp>

namespace xgrad {

/// asymmetric(z, y): a focal loss with a gamma of its own for each label, and negatives shifted so that easy ones count nothing.
///
/// Formula     y sigmoid(-z)^gamma_positive softplus(-z) - (1 - y) m^gamma_negative log(1 - m), m = max(sigmoid(z) - clip, 0)
/// Gradient    y = 1: that of sigmoid_focal; y = 0: s (1 - s) m^(gamma_negative - 1) (m / (1 - m) - gamma_negative log(1 - m)), s = sigmoid(z); 0 where m = 0
/// Shape       z, y [S...]  ->  [S...]
/// Domain      z finite, before the sigmoid; y 0 or 1; the gammas >= 0
/// Options     gamma_positive(1_c), gamma_negative(4_c), clip(0.05_c); those of every loss
/// Method      with clip(0_c) both labels are as sigmoid_focal has them; the library named below takes logarithms of at least 1e-8 instead
/// Source      Ridnik et al., ICCV 2021; timm AsymmetricLossMultiLabel
/// Catalogue   loss, binary
template <ast::symbolic Z, ast::symbolic Y, class... Options>
constexpr auto asymmetric(Z given, Y target, Options... options) {
    static_assert(!detail::is_probability<Z>(),
                  "xgrad::asymmetric(z, y): z is a probability already, and the sigmoid would be applied twice. Fix: drop the sigmoid at the end of the model.");
    const auto shift = detail::number_or<named::clip>(number<0.05>, options...);
    const auto gamma = detail::number_or<named::gamma_negative>(number<4.0>, options...);
    const auto z = counted(given, number<0.0>, options...);
    const auto y = counted(target_for(given, target), number<1.0>, options...);
    const auto positive = detail::focal_factor(z, detail::number_or<named::gamma_positive>(number<1.0>, options...)) * softplus(-z);
    const auto negative = [&] {
        if constexpr (detail::is_number<decltype(shift)>(0)) {
            return detail::focal_factor(-z, gamma) * softplus(z);
        } else {
            const auto m = relu(sigmoid(z) - shift);
            const auto safe = select(m > number<0.0>, m, number<0.5>);
            return select(m > number<0.0>, -(pow(safe, gamma) * log1p(-safe)), number<0.0>);
        }
    }();
    const auto rows = select(y > number<0.5>, positive, negative);
    return reduced<named::gamma_positive | named::gamma_negative | named::clip>(rows, nothing, nothing, options...);
}

}  // namespace xgrad
