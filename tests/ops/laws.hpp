// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "support/arrays.hpp"
#include "support/normal_tail.hpp"

#include <functional>
#include <numbers>

/// What every elementwise op must be, written without the library: the value in long double, the derivatives in closed form,
/// second derivatives where there are some, and where to try them. An op of `elementwise_ops` without a row here does not compile.
namespace laws {

using real = long double;

/// `low`, `high`: where gradients are tried. `second(x)`: d2/dx2 of a unary op.
template <class Op>
struct law;

struct interval {
    double low = -3, high = 3;
};

// clang-format off
template <> struct law<xgrad::negate_op> : interval {
    static real value(real x) { return -x; }
    static std::array<real, 1> partials(real) { return {-1}; }
};
template <> struct law<xgrad::abs_op> : interval {
    static real value(real x) { return std::fabs(x); }
    static std::array<real, 1> partials(real x) { return {x > 0 ? 1.0L : -1.0L}; }
};
template <> struct law<xgrad::square_op> : interval {
    static real value(real x) { return x * x; }
    static std::array<real, 1> partials(real x) { return {2 * x}; }
    static real second(real) { return 2; }
};
template <> struct law<xgrad::sqrt_op> {
    double low = 0.01, high = 30;
    static real value(real x) { return std::sqrt(x); }
    static std::array<real, 1> partials(real x) { return {0.5L / std::sqrt(x)}; }
    static real second(real x) { return -0.25L / (x * std::sqrt(x)); }
};
template <> struct law<xgrad::exp_op> : interval {
    static real value(real x) { return std::exp(x); }
    static std::array<real, 1> partials(real x) { return {std::exp(x)}; }
    static real second(real x) { return std::exp(x); }
};
template <> struct law<xgrad::expm1_op> : interval {
    static real value(real x) { return std::expm1(x); }
    static std::array<real, 1> partials(real x) { return {std::exp(x)}; }
    static real second(real x) { return std::exp(x); }
};
template <> struct law<xgrad::log_op> {
    double low = 0.01, high = 30;
    static real value(real x) { return std::log(x); }
    static std::array<real, 1> partials(real x) { return {1 / x}; }
    static real second(real x) { return -1 / (x * x); }
};
template <> struct law<xgrad::log1p_op> {
    double low = -0.9, high = 30;
    static real value(real x) { return std::log1p(x); }
    static std::array<real, 1> partials(real x) { return {1 / (1 + x)}; }
    static real second(real x) { return -1 / ((1 + x) * (1 + x)); }
};
template <> struct law<xgrad::log1mexp_op> {
    double low = -4, high = -0.1;
    static real value(real x) { return x > -std::numbers::ln2_v<real> ? std::log(-std::expm1(x)) : std::log1p(-std::exp(x)); }
    static std::array<real, 1> partials(real x) { return {-1 / std::expm1(-x)}; }
    static real second(real x) { return -std::exp(-x) / (std::expm1(-x) * std::expm1(-x)); }
};
template <> struct law<xgrad::tanh_op> : interval {
    static real value(real x) { return std::tanh(x); }
    static std::array<real, 1> partials(real x) { return {1 / (std::cosh(x) * std::cosh(x))}; }
    static real second(real x) { return -2 * std::tanh(x) / (std::cosh(x) * std::cosh(x)); }
};
inline constexpr real two_over_root_pi = 2 * std::numbers::inv_sqrtpi_v<real>;
template <> struct law<xgrad::erf_op> : interval {
    static real value(real x) { return std::erf(x); }
    static std::array<real, 1> partials(real x) { return {two_over_root_pi * std::exp(-x * x)}; }
    static real second(real x) { return -2 * x * partials(x)[0]; }
};
template <> struct law<xgrad::erfc_op> : interval {
    static real value(real x) { return std::erfc(x); }
    static std::array<real, 1> partials(real x) { return {-two_over_root_pi * std::exp(-x * x)}; }
    static real second(real x) { return -2 * x * partials(x)[0]; }
};
template <> struct law<xgrad::normal_cdf_op> : interval {
    static real value(real x) {  // -x / sqrt 2 = z + lost, also where that matters to long double
        const real root = std::sqrt(2.0L), rest_of_root = std::fma(-root, root, 2.0L) / (2 * root), z = -x / root, half = std::erfc(z) / 2;
        if (!(std::fabs(z) < 100)) return half;
        const real lost = (std::fma(-z, root, -x) - z * rest_of_root) / root;
        return half - std::exp(-z * z) * lost * two_over_root_pi / 2;
    }
    static std::array<real, 1> partials(real x) { return {std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi_v<real>)}; }
    static real second(real x) { return -x * partials(x)[0]; }
};
template <> struct law<xgrad::sqrt1pm1_op> {
    double low = -0.9, high = 10;
    static real value(real x) { return std::isinf(x) && x > 0 ? x : x / (1 + std::sqrt(1 + x)); }
    static std::array<real, 1> partials(real x) { return {0.5L / std::sqrt(1 + x)}; }
    static real second(real x) { return -0.25L / ((1 + x) * std::sqrt(1 + x)); }
};
template <> struct law<xgrad::inverse_mills_op> : interval {
    static real value(real x) { return support::inverse_mills(x); }
    static std::array<real, 1> partials(real x) { return {-value(x) * (value(x) + x)}; }
    static real second(real x) { return value(x) * ((value(x) + x) * (2 * value(x) + x) - 1); }
};
template <> struct law<xgrad::log_normal_cdf_op> : interval {
    static real value(real x) { return support::log_normal_cdf(x); }
    static std::array<real, 1> partials(real x) { return {support::inverse_mills(x)}; }
    static real second(real x) { return law<xgrad::inverse_mills_op>::partials(x)[0]; }
};
template <> struct law<xgrad::sigmoid_op> {
    double low = -20, high = 20;
    static real value(real x) { return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x)); }
    static std::array<real, 1> partials(real x) { return {value(x) * value(-x)}; }
    static real second(real x) { return value(x) * value(-x) * (value(-x) - value(x)); }
};
template <> struct law<xgrad::softplus_op> {
    double low = -20, high = 20;
    static real value(real x) { return std::isnan(x) ? x : std::fmax(x, 0.0L) + std::log1p(std::exp(-std::fabs(x))); }
    static std::array<real, 1> partials(real x) { return {law<xgrad::sigmoid_op>::value(x)}; }
    static real second(real x) { return law<xgrad::sigmoid_op>::partials(x)[0]; }
};
template <> struct law<xgrad::log_cosh_op> : interval {
    static real value(real x) {
        const real size = std::fabs(x), half = std::sinh(std::fmin(size, 1.0L) / 2);
        return size < 1 ? std::log1p(2 * half * half) : size + (std::log1p(std::exp(-2 * size)) - std::numbers::ln2_v<real>);
    }
    static std::array<real, 1> partials(real x) { return {std::tanh(x)}; }
    static real second(real x) { return law<xgrad::tanh_op>::partials(x)[0]; }
};
template <> struct law<xgrad::relu_op> : interval {
    static real value(real x) { return std::isnan(x) ? x : x > 0 ? x : 0; }
    static std::array<real, 1> partials(real x) { return {x > 0 ? 1.0L : 0.0L}; }
    static real second(real) { return 0; }
};
template <> struct law<xgrad::decay_op> {
    double low = 0.01, high = 20;
    static real value(real x) { return std::exp(-std::fabs(x)); }
    static std::array<real, 1> partials(real x) { return {x > 0 ? -value(x) : value(x)}; }
};
template <> struct law<xgrad::from_odds_op> {
    static constexpr bool only_inside = true;
    double low = 0.01, high = 1;
    static real value(real x) { return x / (1 + x); }
    static std::array<real, 1> partials(real x) { return {1 / ((1 + x) * (1 + x))}; }
    static real second(real x) { return -2 / ((1 + x) * (1 + x) * (1 + x)); }
};
inline real density(real x) { return std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi_v<real>); }
template <> struct law<xgrad::gelu_slope_op> : interval {
    static real value(real x) { return law<xgrad::normal_cdf_op>::value(x) + (std::isinf(x) ? 0 : x * density(x)); }
    static std::array<real, 1> partials(real x) { return {(2 - x * x) * density(x)}; }
    static real second(real x) { return (x * x - 4) * x * density(x); }
};
template <> struct law<xgrad::gelu_op> : interval {
    static real value(real x) { return x < -100 ? 0 : x * law<xgrad::normal_cdf_op>::value(x); }
    static std::array<real, 1> partials(real x) { return {law<xgrad::gelu_slope_op>::value(x)}; }
    static real second(real x) { return law<xgrad::gelu_slope_op>::partials(x)[0]; }
};
inline real logistic(real x) { return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x)); }
template <> struct law<xgrad::silu_op> {
    double low = -20, high = 20;
    static real value(real x) { return x < -11000 ? 0 : x * logistic(x); }
    static std::array<real, 1> partials(real x) { return {logistic(x) * (1 + x * logistic(-x))}; }
    static real second(real x) { return logistic(x) * logistic(-x) * (2 + x * (logistic(-x) - logistic(x))); }
};
template <> struct law<xgrad::mish_op> {
    double low = -20, high = 20;
    static real value(real x) { return x < -11000 ? 0 : x * std::tanh(x > 30 ? x : std::log1p(std::exp(x))); }
    static std::array<real, 1> partials(real x) {
        const real t = std::tanh(std::log1p(std::exp(x)));
        return {t + x * logistic(x) * (1 - t * t)};
    }
    static real second(real x) {
        const real t = std::tanh(std::log1p(std::exp(x))), s = logistic(x);
        return s * (1 - t * t) * (2 + x * (1 - s) - 2 * x * t * s);
    }
};
template <> struct law<xgrad::tanhshrink_op> : interval {
    /// x - tanh(x) by the continued fraction of tanh, where they cancel.
    static real value(real x) {
        if (!(std::fabs(x) < 1)) return x - std::tanh(x);
        real tail = 41;
        for (int k = 39; k >= 3; k -= 2) tail = k + x * x / tail;
        return x * x * x / (tail + x * x);
    }
    static std::array<real, 1> partials(real x) { return {std::tanh(x) * std::tanh(x)}; }
    static real second(real x) { return 2 * std::tanh(x) / (std::cosh(x) * std::cosh(x)); }
};
template <> struct law<xgrad::sign_op> : interval {
    static real value(real x) { return x > 0 ? 1 : x < 0 ? -1 : x; }
    static std::array<real, 1> partials(real) { return {0}; }
    static real second(real) { return 0; }
};
template <> struct law<xgrad::sin_op> : interval {
    static real value(real x) { return std::sin(x); }
    static std::array<real, 1> partials(real x) { return {std::cos(x)}; }
    static real second(real x) { return -std::sin(x); }
};
template <> struct law<xgrad::cos_op> : interval {
    static real value(real x) { return std::cos(x); }
    static std::array<real, 1> partials(real x) { return {-std::sin(x)}; }
    static real second(real x) { return -std::cos(x); }
};
template <> struct law<xgrad::pow_op> {
    double low = 0.3, high = 3;
    static real value(real a, real b) { return std::pow(a, b); }
    static std::array<real, 2> partials(real a, real b) { return {b * std::pow(a, b - 1), std::pow(a, b) * std::log(a)}; }
};
template <> struct law<xgrad::xlogy_op> {
    double low = 0.3, high = 3;
    static real value(real a, real b) { return std::isnan(b) ? b : a == 0 ? 0 : a * std::log(b); }
    static std::array<real, 2> partials(real a, real b) { return {std::log(b), a / b}; }
};
template <> struct law<xgrad::logaddexp_op> : interval {
    static real value(real a, real b) {
        if (a == b && std::isinf(a)) return a;
        return std::isnan(a) || std::isnan(b) ? support::nan : std::fmax(a, b) + std::log1p(std::exp(-std::fabs(a - b)));
    }
    static std::array<real, 2> partials(real a, real b) { return {1 / (1 + std::exp(b - a)), 1 / (1 + std::exp(a - b))}; }
};
template <> struct law<xgrad::add_op> : interval {
    static real value(real a, real b) { return a + b; }
    static std::array<real, 2> partials(real, real) { return {1, 1}; }
};
template <> struct law<xgrad::subtract_op> : interval {
    static real value(real a, real b) { return a - b; }
    static std::array<real, 2> partials(real, real) { return {1, -1}; }
};
template <> struct law<xgrad::multiply_op> : interval {
    static real value(real a, real b) { return a * b; }
    static std::array<real, 2> partials(real a, real b) { return {b, a}; }
};
template <> struct law<xgrad::divide_op> {
    double low = 0.3, high = 3;
    static real value(real a, real b) { return a / b; }
    static std::array<real, 2> partials(real a, real b) { return {1 / b, -a / (b * b)}; }
};
template <> struct law<xgrad::maximum_op> : interval {
    static real value(real a, real b) { return std::isnan(a) || std::isnan(b) ? support::nan : a > b ? a : b; }
    static std::array<real, 2> partials(real a, real b) { return {a > b ? 1.0L : 0.0L, a > b ? 0.0L : 1.0L}; }
};
template <> struct law<xgrad::minimum_op> : interval {
    static real value(real a, real b) { return std::isnan(a) || std::isnan(b) ? support::nan : a < b ? a : b; }
    static std::array<real, 2> partials(real a, real b) { return {a < b ? 1.0L : 0.0L, a < b ? 0.0L : 1.0L}; }
};
struct comparison : interval {
    static std::array<real, 2> partials(real, real) { return {0, 0}; }
};
template <> struct law<xgrad::less_op> : comparison { static real value(real a, real b) { return a < b; } };
template <> struct law<xgrad::less_equal_op> : comparison { static real value(real a, real b) { return a <= b; } };
template <> struct law<xgrad::greater_op> : comparison { static real value(real a, real b) { return a > b; } };
template <> struct law<xgrad::greater_equal_op> : comparison { static real value(real a, real b) { return a >= b; } };
template <> struct law<xgrad::equal_op> : comparison { static real value(real a, real b) { return a == b; } };
template <> struct law<xgrad::not_equal_op> : comparison { static real value(real a, real b) { return a != b; } };
template <> struct law<xgrad::indicator_op> {
    static real value(real c) { return c != 0; }
    static std::array<real, 1> partials(real) { return {0}; }
};
template <> struct law<xgrad::select_op> : interval {
    static real value(real c, real a, real b) { return c != 0 ? a : b; }
    static std::array<real, 3> partials(real c, real, real) { return {0, c != 0 ? 1.0L : 0.0L, c != 0 ? 0.0L : 1.0L}; }
};
// clang-format on

/// Zeros, infinities, NaN, huge, tiny, and ordinary numbers of both signs.
template <class T>
std::vector<T> grid() {
    const double huge = sizeof(T) == 4 ? 1e30 : 1e200, tiny = sizeof(T) == 4 ? 1e-30 : 1e-200;
    std::vector<T> points{T{0}, T{-0.0}, std::numeric_limits<T>::infinity(), -std::numeric_limits<T>::infinity(), std::numeric_limits<T>::quiet_NaN()};
    for (double x : {huge, tiny, std::sqrt(huge), 1e-8, 0.1, 0.5, 1.0, 1.5, 2.0, 3.25, 7.0, 16.5, 20.0, 40.0, 80.0, 87.0}) {
        points.push_back(static_cast<T>(x));
        points.push_back(static_cast<T>(-x));
    }
    return points;
}

/// Ordinary points where a gradient is tried: no kinks, no ties between two arguments.
inline std::vector<double> points(double low, double high, double shift) {
    std::vector<double> made;
    const int count = 41;
    for (int i = 0; i < count; ++i) made.push_back(low + (high - low) * (i + 0.25 + shift) / count);
    return made;
}

}  // namespace laws
