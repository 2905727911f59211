// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/binary_cross_entropy.hpp>

namespace xgrad {

namespace detail {
/// y softplus(-z) + (1 - y) softplus(z), the first times pos_weight where it is given.
template <class Z, class Y, class... Options>
constexpr auto logistic_loss(Z z, Y y, Options... options) {
    const auto positive = times_given(value_among<named::pos_weight>(options...), share_of(y, options...) * softplus(-z));
    return positive + share_of(number<1.0> - y, options...) * softplus(z);
}
}  // namespace detail

/// binary_cross_entropy_with_logits(z, y) = y softplus(-z) + (1 - y) softplus(z).
///
/// Formula     pos_weight y softplus(-z) + (1 - y) softplus(z)
/// Gradient    (1 - y) sigmoid(z) - pos_weight y sigmoid(-z)
/// Shape       z, y [S...]  ->  [S...]
/// Domain      z real: the number before the sigmoid; y in [0, 1]
/// Options     pos_weight(1_c), [] or [C]; label_smoothing(e): y becomes (1 - e) y + e / 2; those of every loss
/// Limits      |z| of any finite size: max(z, 0) or 0. z = +-inf: NaN where the label has no doubt (0 times inf), as in PyTorch
/// Method      both terms are sums of what is not negative; softplus(z) - y z has no digits left from z = 17 in float
/// Source      Cox, JRSS B 1958; PyTorch BCEWithLogitsLoss; label smoothing as in Keras BinaryCrossentropy
/// Catalogue   loss, binary
template <ast::symbolic Z, ast::symbolic Y, class... Options>
constexpr auto binary_cross_entropy_with_logits(Z given, Y target, Options... options) {
    static_assert(!detail::is_probability<Z>(),
                  "xgrad::binary_cross_entropy_with_logits(z, y): z is a probability already, and the sigmoid would be applied twice. "
                  "Fix: drop the sigmoid at the end of the model, or call binary_cross_entropy(p, y).");
    const auto z = counted(given, number<0.0>, options...);
    const auto y = counted(target_for(given, target), number<0.0>, options...);
    return reduced<named::pos_weight | option_kind::label_smoothing>(detail::logistic_loss(z, y, options...), nothing, nothing, options...);
}

}  // namespace xgrad
