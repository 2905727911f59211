// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/normal_cdf.hpp>
#include <xgrad/ops/sigmoid.hpp>

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

/// gelu_tanh(x) = x / 2 (1 + tanh u) with u = sqrt(2 / pi) (x + 0.044715 x^3): what models mean that were trained with this approximation.
///
/// Shape       [S...]  ->  [S...]
/// Limits      +inf gives +inf, -inf gives NaN, NaN gives NaN
/// Error       within 4.8e-4 of gelu(x)
/// Method      x sigmoid(2 u), the same number; 1 + tanh u cancels in the left tail
/// Source      Hendrycks and Gimpel, arXiv:1606.08415
inline constexpr struct {
    template <ast::expression X>
    constexpr auto operator()(X x) const {
        constexpr double slope = 2 * std::numbers::sqrt2 * std::numbers::inv_sqrtpi;
        return x * ast::apply<sigmoid_op>(x * (number<slope> + number<0.044715 * slope> * ast::apply<square_op>(x)));
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
