// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/normal_cdf.hpp>

namespace xgrad {

/// inverse_mills(x) = phi(x) / Phi(x), the density of a standard normal number over the probability of a smaller one: the slope of log_normal_cdf.
///
/// Shape       [S...]  ->  [S...]
/// Domain      every real x; the result is above 0
/// Derivative  -h (h + x), h = inverse_mills(x); far in the left tail, where it comes to -1, right to x^2 units of the result
/// Limits      -inf gives +inf (as -x does), +inf gives 0, NaN gives NaN
/// Method      below 0 over what normal_cdf has beside e^(-x^2 / 2), so that neither tail is a quotient of numbers that vanish; of float in double
/// Source      Mills, Biometrika 1926; Heckman, Econometrica 1979
struct inverse_mills_op : elementwise<1> {
    static constexpr std::string_view name = "inverse_mills";
    static constexpr bool heavy = true;
    static constexpr error_bound error{.from = -1e30, .to = 37, .ulp = 1, .in_double = 5};

    static constexpr auto value(auto x) { return lanes::inverse_mills(x); }
    static constexpr auto partials(auto x) {
        const auto h = ast::apply<inverse_mills_op>(x);
        return std::tuple{-(h * (h + x))};
    }
};
inline constexpr function<inverse_mills_op> inverse_mills{};

/// log_normal_cdf(x) = log(normal_cdf(x)): what a probit model and a censored observation add to a log-likelihood.
///
/// Shape       [S...]  ->  [S...]
/// Domain      every real x; the result is not above 0
/// Derivative  inverse_mills(x)
/// Limits      -inf gives -inf, +inf gives 0, NaN gives NaN
/// Method      log1p(-normal_cdf(-x)) above 0; below, -x^2 / 2 beside the logarithm of what is left, which have one sign; of float in double
/// Source      Abramowitz and Stegun, 26.2
struct log_normal_cdf_op : elementwise<1> {
    static constexpr std::string_view name = "log_normal_cdf";
    static constexpr bool heavy = true;
    static constexpr error_bound error{.from = -1e19, .to = 37, .ulp = 1, .in_double = 4};

    static constexpr auto value(auto x) { return lanes::log_normal_cdf(x); }
    static constexpr auto partials(auto x) { return std::tuple{ast::apply<inverse_mills_op>(x)}; }
};
inline constexpr function<log_normal_cdf_op> log_normal_cdf{};

namespace ast {
template <expression X>
constexpr made<inverse_mills_op, X> inverse_mills(X x) {
    return apply<inverse_mills_op>(x);
}
template <expression X>
constexpr made<log_normal_cdf_op, X> log_normal_cdf(X x) {
    return apply<log_normal_cdf_op>(x);
}
}  // namespace ast

}  // namespace xgrad
