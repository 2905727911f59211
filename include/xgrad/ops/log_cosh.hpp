// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/abs.hpp>
#include <xgrad/ops/exp.hpp>
#include <xgrad/ops/log1p.hpp>
#include <xgrad/ops/tanh.hpp>

namespace xgrad {

/// log_cosh(x) = log(cosh(x)). In namespace ast alone: xg::log_cosh(p, y) is the loss made of it.
///
/// Shape       [S...]  ->  [S...]
/// Domain      every real x; the result is not negative
/// Derivative  tanh(x)
/// Limits      +-inf gives +inf, NaN gives NaN
/// Method      below 1 x^2 times a polynomial in x^2, minimax to 1.2e-17; above (|x| - log 2) + log1p(e^(-2 |x|)), which has no digits left near 0;
///             vectors of float have polynomials of their own (kernel/math/activation.hpp)
struct log_cosh_op : elementwise<1> {
    static constexpr std::string_view name = "log_cosh";
    static constexpr bool heavy = true;
    static constexpr error_bound error{.from = -1e18, .to = 1e18, .ulp = 2};

    template <class X>
    static constexpr auto value(X x) {
        using std::abs;
        using lanes::select;
        if constexpr (requires { lanes::functions<X>::log_cosh(x); }) {
            return lanes::functions<X>::log_cosh(x);
        } else {
            const auto size = abs(x), one = constant(x, 1);
            const auto t = select(size < one, size * size, one);  // no overflow in what is not chosen
            auto p = constant(x, coefficients[0]);
            for (std::size_t i = 1; i < std::size(coefficients); ++i) p = p * t + constant(x, coefficients[i]);
            const auto far = (size - constant(x, std::numbers::ln2)) + lanes::log1p(lanes::exp(constant(x, -2) * size));
            return select(size < one, t * p, far);
        }
    }
    static constexpr auto partials(auto x) { return std::tuple{ast::apply<tanh_op>(x)}; }

private:
    static constexpr double coefficients[] = {7.1494266873199219e-9, -7.2740452449554279e-8, 3.7585381118136593e-7, -1.3729456929291544e-6, 4.1874377391493525e-6,
                                              -1.1823332233363504e-5, 3.2719392875797913e-5, -9.0970021462192131e-5, 0.00025657598653309681, -0.00073860222043210769,
                                              0.002186948775200792, -0.0067460317410084557, 0.022222222222053066, -0.083333333333331077, 0.49999999999999999};
};

namespace ast {
template <expression X>
constexpr made<log_cosh_op, X> log_cosh(X x) {
    return apply<log_cosh_op>(x);
}
}  // namespace ast

}  // namespace xgrad
