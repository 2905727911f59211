// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/abs.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/exp.hpp>
#include <xgrad/ops/select.hpp>

namespace xgrad {

/// sigmoid(x) = 1 / (1 + e^-x), the logistic function.
///
/// Shape       [S...]  ->  [S...]
/// Domain      every real x; the result is a probability
/// Derivative  sigmoid(x) sigmoid(-x), accurate on both sides where p (1 - p) is not
/// Limits      -inf gives 0, +inf gives 1, NaN gives NaN
/// Method      with e = exp(-|x|): 1 / (1 + e) for x >= 0, e / (1 + e) below; nothing overflows or cancels. Both are parts of sigmoid(-x)
///             too, which the derivative needs, and e of softplus; a function in one piece would be a tenth faster alone and share nothing
struct sigmoid_op : elementwise<1> {
    static constexpr std::string_view name = "sigmoid";
    static constexpr op_kind kind = op_kind::composite;
    static constexpr bool heavy = true;
    static constexpr domain range = domain::probability;
    static constexpr error_bound error{.from = -87, .to = 88, .ulp = 3};

    static constexpr auto value(auto x) {
        using std::abs;
        using lanes::select;
        const auto e = lanes::exp(-abs(x));
        const auto larger = constant(x, 1) / (constant(x, 1) + e);
        return select(x < constant(x, 0), e * larger, larger);
    }
    static constexpr auto partials(auto x) { return std::tuple{ast::apply<sigmoid_op>(x) * ast::apply<sigmoid_op>(-x)}; }
};
inline constexpr function<sigmoid_op> sigmoid{};

namespace ast {
template <expression X>
constexpr made<sigmoid_op, X> sigmoid(X x) {
    return apply<sigmoid_op>(x);
}
}  // namespace ast

}  // namespace xgrad
