// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/decay.hpp>
#include <xgrad/ops/select.hpp>
#include <xgrad/ops/square.hpp>

namespace xgrad {

/// mish(x) = x tanh(softplus(x)).
///
/// Formula     x tanh(log(1 + e^x))
/// Gradient    tanh(s) + x sigmoid(x) (1 - tanh(s)^2), s = softplus(x)
/// Shape       [S...]  ->  [S...]
/// Limits      -inf gives 0, +inf gives +inf, NaN gives NaN
/// Error       4 ulp in float
/// Method      with e = e^-|x| the factor is 1 - 2 e^2 / (1 + 2 e + 2 e^2) above 0 and e (1 - e (1 + e) / (2 + 2 e + e^2)) below: one exponential, no
///             logarithm, no overflow; and e comes last, where it leaves the normal numbers before the product does
/// Source      Misra, arXiv:1908.08681
/// Catalogue   activation
struct mish_op : elementwise<1> {
    static constexpr std::string_view name = "mish";
    static constexpr bool heavy = true;
    static constexpr error_bound error{.from = -700, .to = 1e300, .ulp = 4};

    template <class X>
    static constexpr auto value(X x) {
        using lanes::select;
        if constexpr (requires { lanes::functions<X>::mish(x); }) {
            return lanes::functions<X>::mish(x);
        } else {
            const auto e = decay_op::value(x), one = constant(x, 1), two = constant(x, 2);
            const auto above = one - two * e * e / (one + two * (e + e * e)), below = e * (one - e * (one + e) / (two + e * (two + e)));
            return select(x < constant(x, -800), constant(x, 0), x) * select(x < constant(x, 0), below, above);
        }
    }
    static constexpr auto partials(auto x) {
        // tanh(s) is e (2 + e) / d below 0, (1 + 2 e) / d above, with the divisors d of `value`; sigmoid(x) (1 - tanh(s)^2) is 4 e (1 + e) / d^2 below 0 and 4 e^2 (1 + e) / d^2 above.
        const auto e = ast::apply<decay_op>(x), one = constant(x, 1), two = constant(x, 2), four_x = number<4.0> * x, is_negative = x < constant(x, 0);
        const auto below = two + e, divisor_below = two + e * below, above = one + two * e, divisor_above = above + two * ast::apply<square_op>(e);
        return std::tuple{choose(is_negative, e * (below * divisor_below + four_x * (one + e)) / ast::apply<square_op>(divisor_below),
                                 (above * divisor_above + four_x * ast::apply<square_op>(e) * (one + e)) / ast::apply<square_op>(divisor_above))};
    }

private:
    static constexpr auto choose(auto c, auto a, auto b) { return ast::apply<select_op>(c, a, b); }
};
inline constexpr function<mish_op> mish{};

namespace ast {
template <expression X>
constexpr made<mish_op, X> mish(X x) {
    return apply<mish_op>(x);
}
}  // namespace ast

}  // namespace xgrad
