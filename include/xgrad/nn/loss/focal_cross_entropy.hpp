// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/cross_entropy.hpp>

namespace xgrad {

/// focal_cross_entropy(z, t, gamma) = -(1 - p_t)^gamma log p_t: what the model is sure of counts little. alpha is class_weight.
///
/// Formula     -(1 - p_t)^gamma log p_t, 1 - p_t as -expm1(log p_t)
/// Gradient    k (p - one_hot(t)), k = (1 - p_t)^gamma - gamma (1 - p_t)^(gamma - 1) p_t log p_t
/// Shape       z [S..., C], t labels [S...] or a distribution [S..., C]  ->  [S...]
/// Options     those of cross_entropy, of which this is the one with focal(gamma)
/// Limits      p_t = 1 gives 0 with gradient 0, for gamma below 1 too
/// Source      Lin et al., ICCV 2017; Keras CategoricalFocalCrossentropy (gamma 2)
/// Catalogue   loss, softmax family
template <ast::symbolic Z, ast::symbolic T, ast::symbolic G, class... Options>
constexpr auto focal_cross_entropy(Z z, T t, G gamma_, Options... options) {
    return cross_entropy(z, t, focal(gamma_), options...);
}

}  // namespace xgrad
