// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/sigmoid.hpp>

namespace xgrad {

/// silu(x) = x sigmoid(x), also called swish.
///
/// Formula     x / (1 + e^-x)
/// Gradient    sigmoid(x) (1 + x sigmoid(-x))
/// Shape       [S...]  ->  [S...]
/// Limits      -inf gives 0, +inf gives +inf, NaN gives NaN
/// Error       4 ulp in float
/// Method      an op of its own, since sigmoid(x) leaves the normal numbers at -87.3 and x sigmoid(x) only at -92
/// Source      Hendrycks and Gimpel, arXiv:1606.08415; Ramachandran et al., arXiv:1710.05941
/// Catalogue   activation
struct silu_op : elementwise<1> {
    static constexpr std::string_view name = "silu";
    static constexpr bool heavy = true;
    static constexpr error_bound error{.from = -700, .to = 1e300, .ulp = 4};

    template <class X>
    static constexpr auto value(X x) {
        using lanes::select;
        if constexpr (requires { lanes::functions<X>::silu(x); }) {
            return lanes::functions<X>::silu(x);
        } else {
            // Below the least x that matters, sigmoid(x) is 0 and x may be infinite.
            return select(x < constant(x, -800), constant(x, 0), x) * sigmoid_op::value(x);
        }
    }
    static constexpr auto partials(auto x) {
        return std::tuple{ast::apply<sigmoid_op>(x) * (number<1.0> + x * ast::apply<sigmoid_op>(-x))};
    }
};
inline constexpr function<silu_op> silu{};

namespace ast {
template <expression X>
constexpr made<silu_op, X> silu(X x) {
    return apply<silu_op>(x);
}
}  // namespace ast

}  // namespace xgrad
