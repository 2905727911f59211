// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/cross_entropy.hpp>

namespace xgrad {

/// generalised_cross_entropy(z, t, q) = (1 - p_t^q) / q: between cross-entropy (q -> 0) and 1 - p_t (q = 1), for noisy labels.
///
/// Formula     -expm1(q log p_t) / q
/// Gradient    p_t^q (p - one_hot(t))
/// Shape       z [S..., C], t labels [S...]  ->  [S...]
/// Domain      0 < q <= 1, a number or an xg::scalar
/// Options     those of every loss
/// Source      Zhang and Sabuncu, NeurIPS 2018; Keras CategoricalGeneralizedCrossEntropy (q 0.5)
/// Catalogue   loss, softmax family
template <ast::symbolic Z, ast::symbolic T, ast::symbolic Q, class... Options>
constexpr auto generalised_cross_entropy(Z given, T t, Q q, Options... options) {
    const auto z = detail::logits_that_count(given, t, options...);
    return reduced(-expm1(q * pick(log_softmax(z), t)) / q, nothing, detail::rows_with_label(t), options...);
}

}  // namespace xgrad
