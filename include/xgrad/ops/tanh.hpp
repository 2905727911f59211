// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/square.hpp>

namespace xgrad {

/// tanh(x), the hyperbolic tangent.
///
/// Formula     (e^x - e^-x) / (e^x + e^-x)
/// Gradient    1 - tanh(x)^2, from the result alone, so the argument need not be kept
/// Shape       [S...]  ->  [S...]
/// Limits      -inf gives -1, +inf gives 1, NaN gives NaN
/// Error       2 ulp in float
/// Source      LeCun et al., Efficient BackProp, 1998
/// Catalogue   activation
struct tanh_op : elementwise<1> {
    static constexpr std::string_view name = "tanh";
    static constexpr bool heavy = true;
    static constexpr error_bound error{.from = -30, .to = 30, .ulp = 2};

    static constexpr auto value(auto x) { return lanes::tanh(x); }
    static constexpr auto pullback(auto g, auto y, auto) {
        return std::tuple{g * (number<1.0> - ast::apply<square_op>(y))};
    }
};
inline constexpr function<tanh_op> tanh{};

namespace ast {
template <expression X>
constexpr made<tanh_op, X> tanh(X x) {
    return apply<tanh_op>(x);
}
}  // namespace ast

}  // namespace xgrad
