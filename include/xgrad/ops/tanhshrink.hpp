// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/select.hpp>
#include <xgrad/ops/tanh.hpp>

namespace xgrad {

/// tanhshrink(x) = x - tanh(x).
///
/// Formula     x - tanh(x)
/// Gradient    tanh(x)^2
/// Shape       [S...]  ->  [S...]
/// Limits      infinities stay, NaN gives NaN
/// Error       2 ulp in float, also near 0, where x and tanh(x) cancel
/// Method      near 0 the series of x cosh(x) - sinh(x), whose terms are all positive, over cosh(x) (float: a polynomial in double);
///             beyond 1.25 (|x| - 1) + 2 / (e^(2 |x|) + 1)
/// Source      PyTorch
/// Catalogue   activation
struct tanhshrink_op : elementwise<1> {
    static constexpr std::string_view name = "tanhshrink";
    static constexpr bool heavy = true;
    static constexpr error_bound error{.from = -1e300, .to = 1e300, .ulp = 2, .in_double = 4};

    template <class X>
    static constexpr auto value(X x) {
        using lanes::select;
        using std::abs;
        if constexpr (requires { lanes::functions<X>::tanhshrink(x); }) {
            return lanes::functions<X>::tanhshrink(x);
        } else {
            const auto size = abs(x), held = select(size < constant(x, 300), size, constant(x, 300)), x2 = held * held, e = lanes::exp(held);
            // 2 k / (2 k + 1)!, k from 1: past 1.25 the series is not used.
            auto series = constant(x, 24 / 15511210043330985984000000.0);
            for (const double c : {22 / 25852016738884976640000.0, 20 / 51090942171709440000.0, 18 / 121645100408832000.0, 16 / 355687428096000.0, 14 / 1307674368000.0,
                                   12 / 6227020800.0, 10 / 39916800.0, 8 / 362880.0, 6 / 5040.0, 4 / 120.0, 2 / 6.0})
                series = series * x2 + constant(x, c);
            const auto near = held * x2 * series / (constant(x, 0.5) * (e + constant(x, 1) / e));
            const auto far = (size - constant(x, 1)) + constant(x, 2) / (e * e + constant(x, 1));
            const auto made = select(size < constant(x, 1.25), near, far);
            return select(x < constant(x, 0), -made, select(x > constant(x, 0), made, x));
        }
    }
    static constexpr auto partials(auto x) { return std::tuple{ast::apply<square_op>(ast::apply<tanh_op>(x))}; }
};
inline constexpr function<tanhshrink_op> tanhshrink{};

namespace ast {
template <expression X>
constexpr made<tanhshrink_op, X> tanhshrink(X x) {
    return apply<tanhshrink_op>(x);
}
}  // namespace ast

}  // namespace xgrad
