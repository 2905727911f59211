// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/numbers.hpp>

namespace xgrad {

namespace detail {
/// Stirling's log(y!) for y > 1, 0 for less.
template <class Y>
constexpr auto log_factorial(Y y) {
    const auto n = select(y > number<1.0>, y, number<1.0>);
    return select(y > number<1.0>, (n * log(n) - n) + number<0.5> * log(number<2 * std::numbers::pi> * n), number<0.0>);
}
}  // namespace detail

/// poisson_nll(x, y) = e^x - y x: minus the log-likelihood of a count y whose rate is e^x.
///
/// Formula     e^x - y x; with rate_input x - y log(x + epsilon); with full_likelihood + y log y - y + log(2 pi y) / 2 where y > 1
/// Gradient    e^x - y; with rate_input 1 - y / (x + epsilon)
/// Shape       x, y [S...]  ->  [S...]
/// Options     rate_input (log_input=False in PyTorch); full_likelihood (full); epsilon(1e-8_c); those of every loss
/// Domain      y >= 0
/// Source      PyTorch PoissonNLLLoss
/// Catalogue   loss, regression
template <ast::symbolic X, ast::symbolic Y, class... Options>
constexpr auto poisson_nll(X given, Y target, Options... options) {
    constexpr auto known = named::rate_input | named::full_likelihood | named::epsilon;
    const auto x = counted(given, number<1.0>, options...);
    const auto y = counted(target_for(given, target), number<0.0>, options...);
    const auto likely = [&] {
        if constexpr (detail::has_option<named::rate_input, Options...>) {
            return x - y * log(x + detail::number_or<named::epsilon>(number<1e-8>, options...));
        } else {
            return exp(x) - y * x;
        }
    }();
    if constexpr (detail::has_option<named::full_likelihood, Options...>) {
        return reduced<known>(likely + detail::log_factorial(y), nothing, nothing, options...);
    } else {
        return reduced<known>(likely, nothing, nothing, options...);
    }
}

}  // namespace xgrad
