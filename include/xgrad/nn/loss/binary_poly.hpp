// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/binary_cross_entropy_with_logits.hpp>

namespace xgrad {

/// binary_poly(z, y) = binary cross-entropy + epsilon (1 - p_t), p_t the probability given to the right label.
///
/// Formula     y softplus(-z) + (1 - y) softplus(z) + epsilon (y sigmoid(-z) + (1 - y) sigmoid(z))
/// Gradient    (1 - y) sigmoid(z) - y sigmoid(-z) + epsilon (1 - 2 y) sigmoid(z) sigmoid(-z)
/// Shape       z, y [S...]  ->  [S...]
/// Domain      z real: the number before the sigmoid; y in [0, 1]
/// Options     epsilon(2_c); pos_weight(1_c) of the cross-entropy; label_smoothing(e): y becomes (1 - e) y + e / 2; those of every loss
/// Source      Leng et al., ICLR 2022; epsilon as in Optax poly_loss_cross_entropy
/// Catalogue   loss, binary
template <ast::symbolic Z, ast::symbolic Y, class... Options>
constexpr auto binary_poly(Z given, Y target, Options... options) {
    static_assert(!detail::is_probability<Z>(),
                  "xgrad::binary_poly(z, y): z is a probability already, and the sigmoid would be applied twice. Fix: drop the sigmoid at the end of the model.");
    const auto z = counted(given, number<0.0>, options...);
    const auto y = counted(target_for(given, target), number<0.0>, options...);
    const auto wrong = detail::share_of(y, options...) * sigmoid(-z) + detail::share_of(number<1.0> - y, options...) * sigmoid(z);
    const auto rows = detail::logistic_loss(z, y, options...) + detail::number_or<named::epsilon>(number<2.0>, options...) * wrong;
    return reduced<named::epsilon | named::pos_weight | option_kind::label_smoothing>(rows, nothing, nothing, options...);
}

}  // namespace xgrad
