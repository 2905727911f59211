// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/activation.hpp>
#include <xgrad/ops/decay.hpp>
#include <xgrad/ops/log1p.hpp>
#include <xgrad/ops/relu.hpp>
#include <xgrad/ops/sigmoid.hpp>

namespace xgrad {

/// The op of `softplus` below, with beta 1.
struct softplus_op : elementwise<1> {
    static constexpr std::string_view name = "softplus";
    static constexpr op_kind kind = op_kind::composite;
    static constexpr bool heavy = true;
    static constexpr error_bound error{.from = -708, .to = 708, .ulp = 2};

    static constexpr auto value(auto x) {
        using lanes::select;
        return select(x <= constant(x, 0), constant(x, 0), x) + lanes::log1p(lanes::evaluate<decay_op>(x));
    }
    static constexpr auto partials(auto x) { return std::tuple{ast::apply<sigmoid_op>(x)}; }
};

struct softplus_formula {
    static constexpr error_bound error = softplus_op::error;

    template <class X>
    static constexpr auto of(X x) {
        return ast::apply<softplus_op>(x);
    }
    template <class X, class B>
    static constexpr auto of(X x, B beta) {
        return ast::apply<softplus_op>(beta * x) / beta;
    }
};
/// softplus(x, beta) = log(1 + e^(beta x)) / beta: a relu without the corner.
///
/// Formula     (max(beta x, 0) + log1p(e^-|beta x|)) / beta
/// Gradient    sigmoid(beta x)
/// Shape       [S...]  ->  [S...]
/// Options     beta(1_c); no threshold is needed
/// Domain      every real x; the result is positive
/// Limits      -inf gives 0, +inf gives +inf, NaN gives NaN
/// Error       2 ulp in float; with another beta 2 + |beta x| below 0, since the product is rounded
/// Method      the plain formula overflows above 88 and is 0 below -17
/// Source      Dugas et al., NIPS 2000
/// Catalogue   activation
inline constexpr activation<softplus_formula> softplus{};

namespace ast {
template <expression X>
constexpr made<softplus_op, X> softplus(X x) {
    return apply<softplus_op>(x);
}
}  // namespace ast

}  // namespace xgrad
