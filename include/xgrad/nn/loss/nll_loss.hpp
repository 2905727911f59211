// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/cross_entropy.hpp>

namespace xgrad {

/// nll_loss(log_p, t) = -log_p[t], the end of a model that ends in log_softmax.
///
/// Formula     -w_t log_p_t
/// Gradient    -w_t at the label, 0 elsewhere
/// Shape       log_p [S..., C], t labels [S...]  ->  [S...]; with class_axis<i> the classes are axis i of log_p
/// Options     class_weight(w), class_axis<i>; those of every loss. A mean divides by the sum of the targets' weights (PyTorch)
/// Limits      rows with the ignored label count 0, whatever they hold
/// Source      PyTorch NLLLoss; on logits cross_entropy is the same and more accurate
/// Catalogue   loss, softmax family
template <ast::symbolic L, ast::symbolic T, class... Options>
constexpr auto nll_loss(L given, T t, Options... options) {
    static_assert(!detail::is_probability<L>(), "xgrad::nll_loss(log_p, t): log_p must be logarithms of probabilities, not probabilities. Fix: log_softmax in place of softmax, or cross_entropy of the logits.");
    static_assert(detail::is_labels<T>(), "xgrad::nll_loss(log_p, t): t must be labels. Fix: declare it as xg::labels<\"t\">(batch, xg::classes(10_c)).");
    const auto last = detail::with_classes_last(given, detail::option_of<option_kind::class_axis>(options...));
    const auto labelled = detail::rows_with_label(t);
    const auto log_p = detail::where_counted(counted(last, number<0.0>, options...), labelled, number<0.0>);
    const auto w = detail::value_among<option_kind::class_weight>(options...);
    detail::check_class_weight<std::remove_cv_t<decltype(w)>, detail::last_extent<std::remove_cv_t<decltype(last)>>()>();
    const auto weight = detail::weight_of_rows(log_p, t, w);
    return reduced<option_kind::class_weight | option_kind::class_axis>(detail::times_given(weight, -pick(log_p, t)), weight, labelled, options...);
}

}  // namespace xgrad
