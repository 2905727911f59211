// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/decay.hpp>
#include <xgrad/ops/from_odds.hpp>
#include <xgrad/ops/select.hpp>

namespace xgrad {

/// sigmoid(x) = 1 / (1 + e^-x), the logistic function.
///
/// Formula     1 / (1 + e^-x)
/// Gradient    sigmoid(x) sigmoid(-x), accurate on both sides where p (1 - p) is not
/// Shape       [S...]  ->  [S...]
/// Domain      every real x; the result is a probability
/// Limits      -inf gives 0, +inf gives 1, NaN gives NaN
/// Error       2 ulp in float
/// Method      with p = e / (1 + e), e = e^-|x|: p below 0, 1 - p above; nothing overflows or cancels. All are parts of sigmoid(-x) too, which
///             the derivative needs, and e of softplus; a function in one piece would be a tenth faster alone and share nothing
/// Source      Verhulst, 1838
/// Catalogue   activation
struct sigmoid_op : elementwise<1> {
    static constexpr std::string_view name = "sigmoid";
    static constexpr op_kind kind = op_kind::composite;
    static constexpr bool heavy = true;
    static constexpr domain range = domain::probability;
    static constexpr error_bound error{.from = -708, .to = 708, .ulp = 2};

    static constexpr auto value(auto x) {
        using lanes::select;
        const auto smaller = lanes::evaluate<from_odds_op>(lanes::evaluate<decay_op>(x));
        return select(x < constant(x, 0), smaller, constant(x, 1) - smaller);
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
