// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/cross_entropy.hpp>
#include <xgrad/nn/loss/numbers.hpp>

namespace xgrad {

/// multi_margin(x, t) = sum over i != t of max(0, margin - x_t + x_i)^p / C: every other class stays a margin behind.
///
/// Formula     w_t / C sum over i != t of max(0, margin - x_t + x_i)^p
/// Gradient    i != t: w_t p max(0, margin - x_t + x_i)^(p - 1) / C; t: minus the sum of these
/// Shape       x [S..., C], t labels [S...]  ->  [S...]
/// Options     margin(1_c), norm_degree(1_c) for p, class_weight(w); those of every loss. A mean divides by the number of rows
/// Source      Crammer and Singer, JMLR 2001; PyTorch MultiMarginLoss
/// Catalogue   loss, margin
template <ast::symbolic X, ast::symbolic T, class... Options>
constexpr auto multi_margin(X given, T t, Options... options) {
    const auto x = detail::logits_that_count(given, t, options...);
    const auto w = detail::value_among<option_kind::class_weight>(options...);
    detail::check_class_weight<std::remove_cv_t<decltype(w)>, detail::last_extent<X>()>();
    const auto behind = relu(detail::number_or<named::margin>(number<1.0>, options...) - detail::column(pick(x, t)) + x);
    const auto powers = pow(behind, detail::number_or<named::norm_degree>(number<1.0>, options...));
    const auto rows = mean(select(one_hot(t), number<0.0>, powers), axes<-1>);
    const auto weight = detail::weight_of_rows(x, t, w);
    constexpr option_kind known = named::margin | named::norm_degree | option_kind::class_weight;
    return reduced<known, false>(detail::times_given(weight, rows), weight, detail::rows_with_label(t), options...);
}

}  // namespace xgrad
