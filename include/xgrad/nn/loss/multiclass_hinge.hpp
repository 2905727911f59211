// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/cross_entropy.hpp>

namespace xgrad {

/// multiclass_hinge(x, t) = max over i of (x_i + 1 where i != t) - x_t: the best other class stays 1 behind.
///
/// Formula     max_i (x_i + [i != t]) - x_t
/// Gradient    one_hot of the largest of x_i + [i != t] (equal ones share it) - one_hot(t)
/// Shape       x [S..., C], t labels [S...]  ->  [S...]
/// Options     those of every loss
/// Source      Crammer and Singer, JMLR 2001; Optax multiclass_hinge_loss
/// Catalogue   loss, margin
template <ast::symbolic X, ast::symbolic T, class... Options>
constexpr auto multiclass_hinge(X given, T t, Options... options) {
    const auto x = detail::logits_that_count(given, t, options...);
    return reduced(max(select(one_hot(t), x, x + number<1.0>), axes<-1>) - pick(x, t), nothing, detail::rows_with_label(t), options...);
}

/// multiclass_perceptron(x, t) = max(x) - x_t: 0 where the label's score is the largest.
///
/// Formula     max_i x_i - x_t
/// Gradient    one_hot of the largest (equal ones share it) - one_hot(t)
/// Shape       x [S..., C], t labels [S...]  ->  [S...]
/// Options     those of every loss
/// Source      Rosenblatt, Psychological Review 1958; Optax multiclass_perceptron_loss
/// Catalogue   loss, margin
template <ast::symbolic X, ast::symbolic T, class... Options>
constexpr auto multiclass_perceptron(X given, T t, Options... options) {
    const auto x = detail::logits_that_count(given, t, options...);
    return reduced(max(x, axes<-1>) - pick(x, t), nothing, detail::rows_with_label(t), options...);
}

}  // namespace xgrad
