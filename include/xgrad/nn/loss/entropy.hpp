// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/cross_entropy.hpp>

namespace xgrad {

namespace detail {
template <class Z>
constexpr auto entropy_of(Z z) {
    const auto p = softmax(z);
    return -sum(p * select(p == number<0.0>, number<0.0>, log_softmax(z)), axes<-1>);
}
}  // namespace detail

/// entropy(z) = -sum(p log p), p = softmax(z): how undecided a row is, 0 to log C. p = 0 counts 0.
///
/// Formula     -sum p log p
/// Gradient    -p (log p + entropy)
/// Shape       z logits [S..., C]  ->  [S...]
/// Options     those of every loss
/// Source      Shannon 1948
/// Catalogue   loss, softmax family
template <ast::symbolic Z, class... Options>
constexpr auto entropy(Z given, Options... options) {
    return reduced(detail::entropy_of(counted(given, number<0.0>, options...)), nothing, nothing, options...);
}

/// confidence_penalty(z, t, beta) = cross_entropy(z, t) - beta entropy(z): a sure model pays for it.
///
/// Formula     -log p_t + beta sum p log p
/// Gradient    p - one_hot(t) + beta p (log p + entropy)
/// Shape       z [S..., C], t labels [S...] or a distribution [S..., C]  ->  [S...]
/// Options     those of every loss
/// Source      Pereyra et al., ICLR 2017
/// Catalogue   loss, softmax family
template <ast::symbolic Z, ast::symbolic T, ast::symbolic B, class... Options>
constexpr auto confidence_penalty(Z given, T target, B beta_, Options... options) {
    const auto t = detail::distribution_for(given, target);
    const auto z = detail::logits_that_count(given, t, options...);
    return reduced(detail::cross_entropy_rows(z, t, nothing, nothing) - beta_ * detail::entropy_of(z), nothing, detail::rows_with_label(t), options...);
}

}  // namespace xgrad
