// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/exp.hpp>
#include <xgrad/ops/square.hpp>

namespace xgrad {

/// normal_cdf(x) = erfc(-x / sqrt(2)) / 2, often Phi(x): the probability that a standard normal number is below x.
///
/// Shape       [S...]  ->  [S...]
/// Domain      every real x; the result is a probability
/// Derivative  e^(-x^2 / 2) / sqrt(2 pi), the density
/// Limits      -inf gives 0, +inf gives 1, NaN gives NaN
/// Method      one function and not that composition: -x / sqrt(2), rounded, costs x^2 / 2 ulp in the left tail
/// Source      Abramowitz and Stegun, 26.2
struct normal_cdf_op : elementwise<1> {
    static constexpr std::string_view name = "normal_cdf";
    static constexpr bool heavy = true;
    static constexpr domain range = domain::probability;
    static constexpr error_bound error{.from = -37.5, .to = 9, .ulp = 2, .in_double = 4};

    static constexpr auto value(auto x) { return lanes::normal_cdf(x); }
    static constexpr auto partials(auto x) {
        constexpr double height = std::numbers::inv_sqrtpi / std::numbers::sqrt2;
        return std::tuple{number<height> * ast::apply<exp_op>(number<-0.5> * ast::apply<square_op>(x))};
    }
};
inline constexpr function<normal_cdf_op> normal_cdf{};

namespace ast {
template <expression X>
constexpr made<normal_cdf_op, X> normal_cdf(X x) {
    return apply<normal_cdf_op>(x);
}
}  // namespace ast

}  // namespace xgrad
