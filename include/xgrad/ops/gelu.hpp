// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/activation.hpp>
#include <xgrad/ops/normal_cdf.hpp>
#include <xgrad/ops/sigmoid.hpp>

namespace xgrad {

/// gelu_slope(x) = Phi(x) + x e^(-x^2 / 2) / sqrt(2 pi), the derivative of gelu, which shares one exponential between its parts.
///
/// Shape       [S...]  ->  [S...]
/// Derivative  (2 - x^2) e^(-x^2 / 2) / sqrt(2 pi)
/// Limits      -inf gives 0, +inf gives 1, NaN gives NaN
/// Error       4 ulp at 0 and above; below, 4 ulp of its larger part: it crosses 0 at -0.7518
struct gelu_slope_op : elementwise<1> {
    static constexpr std::string_view name = "gelu_slope";
    static constexpr bool heavy = true;
    static constexpr error_bound error{.from = 0, .to = 1e300, .ulp = 4};

    template <class X>
    static constexpr auto value(X x) {
        using lanes::select;
        if constexpr (requires { lanes::functions<X>::gelu_slope(x); }) {
            return lanes::functions<X>::gelu_slope(x);
        } else {
            const auto held = select(x < constant(x, -50), constant(x, -50), select(x > constant(x, 50), constant(x, 50), x));
            return lanes::normal_cdf(held) + constant(x, height) * held * lanes::exp(constant(x, -0.5) * (held * held));
        }
    }
    static constexpr auto partials(auto x) {
        const auto x2 = ast::apply<square_op>(x);
        return std::tuple{number<height> * (number<2.0> - x2) * ast::apply<exp_op>(number<-0.5> * x2)};
    }

private:
    static constexpr double height = std::numbers::inv_sqrtpi / std::numbers::sqrt2;
};

/// gelu(x) = x Phi(x), Phi being the normal distribution function.
///
/// Formula     x erfc(-x / sqrt(2)) / 2
/// Gradient    Phi(x) + x e^(-x^2 / 2) / sqrt(2 pi)
/// Shape       [S...]  ->  [S...]
/// Limits      -inf gives 0, +inf gives +inf, NaN gives NaN
/// Error       4 ulp in float; the left tail keeps its digits, which (1 + erf(...)) / 2 loses
/// Method      an op of its own, since Phi(x) leaves the normal numbers at -12.9 and x Phi(x) only at -13.1
/// Source      Hendrycks and Gimpel, arXiv:1606.08415
/// Catalogue   activation
struct gelu_op : elementwise<1> {
    static constexpr std::string_view name = "gelu";
    static constexpr bool heavy = true;
    static constexpr error_bound error{.from = -37, .to = 1e300, .ulp = 4};

    template <class X>
    static constexpr auto value(X x) {
        using lanes::select;
        if constexpr (requires { lanes::functions<X>::gelu(x); }) {
            return lanes::functions<X>::gelu(x);
        } else {
            return select(x < constant(x, -50), constant(x, 0), x) * lanes::normal_cdf(x);
        }
    }
    static constexpr auto partials(auto x) { return std::tuple{ast::apply<gelu_slope_op>(x)}; }
};
inline constexpr function<gelu_op> gelu{};

struct gelu_tanh_formula {
    static constexpr error_bound error{.ulp = 250};

    template <class X>
    static constexpr auto of(X x) {
        constexpr double slope = 2 * std::numbers::sqrt2 * std::numbers::inv_sqrtpi;
        return x * ast::apply<sigmoid_op>(x * (number<slope> + number<0.044715 * slope> * ast::apply<square_op>(x)));
    }
};
/// gelu_tanh(x) = x / 2 (1 + tanh u) with u = sqrt(2 / pi) (x + 0.044715 x^3): what models mean that were trained with this approximation.
///
/// Formula     x sigmoid(2 u), u = sqrt(2 / pi) (x + 0.044715 x^3)
/// Gradient    sigmoid(2 u) (1 + 2 x u' sigmoid(-2 u))
/// Shape       [S...]  ->  [S...]
/// Limits      +inf gives +inf, -inf gives NaN, NaN gives NaN
/// Error       within 4.8e-4 of gelu(x); as itself 2 |u| ulp more than sigmoid, whose argument is rounded
/// Method      x sigmoid(2 u), the same number; 1 + tanh u cancels in the left tail
/// Source      Hendrycks and Gimpel, arXiv:1606.08415
/// Catalogue   activation
inline constexpr activation<gelu_tanh_formula> gelu_tanh{};

namespace ast {
template <expression X>
constexpr made<gelu_op, X> gelu(X x) {
    return apply<gelu_op>(x);
}
template <expression X>
constexpr auto gelu_tanh(X x) {
    return xgrad::gelu_tanh(x);
}
}  // namespace ast

}  // namespace xgrad
