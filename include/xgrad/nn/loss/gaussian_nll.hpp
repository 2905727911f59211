// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/numbers.hpp>

namespace xgrad {

/// gaussian_nll(p, y, v) = (log v + (p - y)^2 / v) / 2: minus the log-likelihood of y under a normal distribution of mean p, variance v.
///
/// Formula     (log v + (p - y)^2 / v) / 2, v at least epsilon; with full_likelihood + log(2 pi) / 2
/// Gradient    p: (p - y) / v; v: (1 - (p - y)^2 / v) / (2 v), also where v is less than epsilon, as if it were epsilon
/// Shape       p, y, v [S...]  ->  [S...], with broadcasting
/// Options     full_likelihood (full); epsilon(1e-6_c); those of every loss
/// Source      Nix and Weigend, ICNN 1994; PyTorch GaussianNLLLoss
/// Catalogue   loss, regression
template <ast::symbolic P, ast::symbolic Y, ast::symbolic V, class... Options>
constexpr auto gaussian_nll(P p, Y y, V variance, Options... options) {
    const auto least = detail::number_or<named::epsilon>(number<1e-6>, options...);
    const auto given = counted(variance, number<1.0>, options...);
    const auto v = select(given < least, least + (given - stop_gradient(given)), given);
    const auto likely = number<0.5> * (log(v) + square(counted(difference(p, y), number<0.0>, options...)) / v);
    if constexpr (detail::has_option<named::full_likelihood, Options...>) {
        return reduced<named::epsilon | named::full_likelihood>(likely + number<0.91893853320467274178>, nothing, nothing, options...);
    } else {
        return reduced<named::epsilon>(likely, nothing, nothing, options...);
    }
}

}  // namespace xgrad
