// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/cross_entropy.hpp>

namespace xgrad {

/// poly_cross_entropy(z, t, epsilon) = -log p_t + epsilon (1 - p_t), the first term of the loss as a series of 1 - p_t, reweighted.
///
/// Formula     -log p_t + epsilon (1 - p_t)
/// Gradient    (1 + epsilon p_t) (p - one_hot(t))
/// Shape       z [S..., C], t labels [S...] or a distribution [S..., C]  ->  [S...]
/// Options     those of cross_entropy, of which this is the one with poly(epsilon)
/// Source      Leng et al., ICLR 2022; Optax poly_loss_cross_entropy (epsilon 2)
/// Catalogue   loss, softmax family
template <ast::symbolic Z, ast::symbolic T, ast::symbolic E, class... Options>
constexpr auto poly_cross_entropy(Z z, T t, E epsilon_, Options... options) {
    return cross_entropy(z, t, poly(epsilon_), options...);
}

}  // namespace xgrad
