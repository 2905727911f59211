// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/focal_factor.hpp>

namespace xgrad {

/// segmentation_focal(z, y): sigmoid_focal of pixels, on request divided by the sum of the focal factors, or with factor 1 below a threshold.
///
/// Formula     f softplus(-u), u = z where y = 1, -z where y = 0; f = e^(-gamma softplus(u)).
///             reduced_threshold(r): f = 1 where sigmoid(u) < r, f / r^gamma elsewhere. normalised: divided by max(sum f, epsilon)
/// Gradient    that of sigmoid_focal; the sum of f is differentiated too
/// Shape       z, y [S...]  ->  [S...]; the sum of f is over all pixels that count
/// Domain      z finite, before the sigmoid; y 0 or 1; gamma >= 0
/// Options     gamma(2_c); alpha(-1_c), none; reduced_threshold(r), normalised, epsilon(1e-6_c); those of every loss
/// Source      segmentation_models.pytorch FocalLoss
/// Catalogue   loss, segmentation
template <ast::symbolic Z, ast::symbolic Y, class... Options>
constexpr auto segmentation_focal(Z given, Y target, Options... options) {
    static_assert(!detail::is_probability<Z>(),
                  "xgrad::segmentation_focal(z, y): z is a probability already, and the sigmoid would be applied twice. Fix: drop the sigmoid at the end of the model.");
    constexpr auto known = named::gamma | named::alpha | named::reduced_threshold | named::normalised | named::epsilon;
    const auto gamma = detail::number_or<named::gamma>(number<2.0>, options...);
    const auto alpha = detail::number_or<named::alpha>(number<-1.0>, options...);
    const auto y = counted(target_for(given, target), number<1.0>, options...);
    const auto u = detail::towards_label(counted(given, number<0.0>, options...), y);
    const auto factor = [&] {
        if constexpr (detail::has_option<named::reduced_threshold, Options...>) {
            const auto r = detail::option_of<named::reduced_threshold>(options...).value;
            return select(sigmoid(u) < r, number<1.0>, exp(-(gamma * log(r))) * detail::focal_factor(u, gamma));
        } else {
            return detail::focal_factor(u, gamma);
        }
    }();
    const auto rows = detail::balanced(factor * softplus(-u), y, alpha);
    if constexpr (detail::has_option<named::normalised, Options...>) {
        const auto total = sum(counted(factor, number<0.0>, options...));
        return reduced<known>(rows / maximum(total, detail::number_or<named::epsilon>(number<1e-6>, options...)), nothing, nothing, options...);
    } else {
        return reduced<known>(rows, nothing, nothing, options...);
    }
}

}  // namespace xgrad
