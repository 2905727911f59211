// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/binary_cross_entropy_with_logits.hpp>

namespace xgrad {

/// multilabel_soft_margin(z, y) = the mean of binary_cross_entropy_with_logits over the last axis, the classes.
///
/// Formula     mean w (y softplus(-z) + (1 - y) softplus(z))
/// Gradient    w ((1 - y) sigmoid(z) - y sigmoid(-z)) / C
/// Shape       z, y [S..., C]  ->  [S...]
/// Domain      z real: the number before the sigmoid; y in [0, 1]
/// Options     weight(w), w [C]; pos_weight(1_c), [] or [C]; those of every loss
/// Source      PyTorch MultiLabelSoftMarginLoss
/// Catalogue   loss, binary
template <ast::symbolic Z, ast::symbolic Y, class... Options>
constexpr auto multilabel_soft_margin(Z given, Y target, Options... options) {
    static_assert(!detail::is_probability<Z>(),
                  "xgrad::multilabel_soft_margin(z, y): z is a probability already, and the sigmoid would be applied twice. "
                  "Fix: drop the sigmoid at the end of the model.");
    const auto z = counted(given, number<0.0>, options...);
    const auto y = counted(target_for(given, target), number<0.0>, options...);
    const auto classes = detail::number_or<named::weight>(number<1.0>, options...) * detail::logistic_loss(z, y, options...);
    return reduced<named::weight | named::pos_weight>(mean(classes, axes<-1>), nothing, nothing, options...);
}

}  // namespace xgrad
