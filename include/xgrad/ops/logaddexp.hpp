// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/abs.hpp>
#include <xgrad/ops/compare.hpp>
#include <xgrad/ops/log1p.hpp>
#include <xgrad/ops/sigmoid.hpp>

namespace xgrad {

/// logaddexp(a, b) = log(e^a + e^b): the sum of two probabilities known by their logarithms.
///
/// Shape       [A...], [B...]  ->  their NumPy broadcast
/// Derivative  sigmoid(a - b), sigmoid(b - a)
/// Limits      both -inf give -inf; an infinity of one gives it, or the other number
/// Error       two units in the last place of the larger of |a|, |b| and 1: near 0 the result is what two numbers leave
/// Method      max(a, b) + log1p(e^-|a - b|)
struct logaddexp_op : elementwise<2> {
    static constexpr std::string_view name = "logaddexp";
    static constexpr op_kind kind = op_kind::composite;
    static constexpr bool commutative = true, heavy = true;

    static constexpr auto value(auto a, auto b) {
        using std::abs;
        using lanes::select;
        return select(a > b, a, b) + lanes::log1p(lanes::exp(-abs(gap(a, b))));
    }
    static constexpr auto partials(auto a, auto b) { return std::tuple{ast::apply<sigmoid_op>(gap(a, b)), ast::apply<sigmoid_op>(-gap(a, b))}; }

private:
    /// a - b, and 0 for equal infinities.
    static constexpr auto gap(auto a, auto b) {
        using lanes::select;
        return select(a == b, constant(a, 0), a - b);
    }
};
inline constexpr function<logaddexp_op> logaddexp{};

namespace ast {
template <expression A, expression B>
constexpr made<logaddexp_op, A, B> logaddexp(A a, B b) {
    return apply<logaddexp_op>(a, b);
}
}  // namespace ast

}  // namespace xgrad
