// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/cross_entropy.hpp>
#include <xgrad/nn/loss/numbers.hpp>

namespace xgrad {

/// symmetric_cross_entropy(z, t) = alpha H(t, p) + beta H(p, t) with log 0 taken as -4: cross-entropy both ways, for noisy labels.
///
/// Formula     -alpha log p_t + 4 beta (1 - p_t)
/// Gradient    (alpha + 4 beta p_t) (p - one_hot(t))
/// Shape       z [S..., C], t labels [S...]  ->  [S...]
/// Options     alpha(0.1_c), beta(1_c); those of every loss
/// Source      Wang et al., ICCV 2019
/// Catalogue   loss, softmax family
template <ast::symbolic Z, ast::symbolic T, class... Options>
constexpr auto symmetric_cross_entropy(Z given, T t, Options... options) {
    const auto log_p = pick(log_softmax(detail::logits_that_count(given, t, options...)), t);
    const auto a = detail::number_or<named::alpha>(number<0.1>, options...);
    const auto b = detail::number_or<named::beta>(number<1.0>, options...);
    return reduced<named::alpha | named::beta>(-(a * log_p) - number<4.0> * b * expm1(log_p), nothing, detail::rows_with_label(t), options...);
}

}  // namespace xgrad
