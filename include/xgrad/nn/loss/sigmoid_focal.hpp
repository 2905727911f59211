// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/focal_factor.hpp>

namespace xgrad {

/// sigmoid_focal(z, y) = -alpha_t (1 - p_t)^gamma log p_t, p_t the probability given to the right label: easy examples count little.
///
/// Formula     alpha_t e^(-gamma softplus(u)) softplus(-u), u = z where y = 1, -z where y = 0
/// Gradient    by u: -alpha_t e^(-gamma softplus(u)) (gamma sigmoid(u) softplus(-u) + sigmoid(-u))
/// Shape       z, y [S...]  ->  [S...]
/// Domain      z finite, before the sigmoid; y 0 or 1; gamma >= 0
/// Options     gamma(2_c); alpha(0.25_c), the weight of positives, -1_c for none; those of every loss
/// Method      no power and no logarithm of 0, so value and gradient are finite for every gamma, 0 included
/// Source      Lin et al., ICCV 2017; torchvision sigmoid_focal_loss
/// Catalogue   loss, binary
template <ast::symbolic Z, ast::symbolic Y, class... Options>
constexpr auto sigmoid_focal(Z given, Y target, Options... options) {
    static_assert(!detail::is_probability<Z>(),
                  "xgrad::sigmoid_focal(z, y): z is a probability already, and the sigmoid would be applied twice. Fix: drop the sigmoid at the end of the model.");
    const auto gamma = detail::number_or<named::gamma>(number<2.0>, options...);
    const auto alpha = detail::number_or<named::alpha>(number<0.25>, options...);
    const auto y = counted(target_for(given, target), number<1.0>, options...);
    const auto u = detail::towards_label(counted(given, number<0.0>, options...), y);
    return reduced<named::gamma | named::alpha>(detail::balanced(detail::focal_factor(u, gamma) * softplus(-u), y, alpha), nothing, nothing, options...);
}

}  // namespace xgrad
