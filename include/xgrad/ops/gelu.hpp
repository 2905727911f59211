// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/normal_cdf.hpp>
#include <xgrad/ops/tanh.hpp>

namespace xgrad {

/// gelu(x) = x Phi(x), Phi being the normal distribution function: a composition, so the derivative uses the same Phi.
///
/// Shape       [S...]  ->  [S...]
/// Derivative  Phi(x) + x e^(-x^2 / 2) / sqrt(2 pi)
/// Limits      +inf gives +inf, -inf gives NaN (0 times infinity), NaN gives NaN
/// Error       that of normal_cdf and a rounding; the left tail keeps its digits, which (1 + erf(...)) / 2 loses
/// Source      Hendrycks and Gimpel, arXiv:1606.08415
inline constexpr struct {
    template <ast::expression X>
    constexpr auto operator()(X x) const {
        return x * ast::apply<normal_cdf_op>(x);
    }
} gelu{};

/// gelu_tanh(x) = x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))): what models mean that were trained with the approximation.
///
/// Shape       [S...]  ->  [S...]
/// Error       within 5e-4 of gelu(x); below -5 or so it rounds to 0, where gelu does not
/// Source      Hendrycks and Gimpel, arXiv:1606.08415
inline constexpr struct {
    template <ast::expression X>
    constexpr auto operator()(X x) const {
        constexpr double slope = std::numbers::sqrt2 * std::numbers::inv_sqrtpi;
        const auto inner = x * (number<slope> + number<0.044715 * slope> * ast::apply<square_op>(x));
        return number<0.5> * x * (number<1.0> + ast::apply<tanh_op>(inner));
    }
} gelu_tanh{};

namespace ast {
template <expression X>
constexpr auto gelu(X x) {
    return xgrad::gelu(x);
}
template <expression X>
constexpr auto gelu_tanh(X x) {
    return xgrad::gelu_tanh(x);
}
}  // namespace ast

}  // namespace xgrad
