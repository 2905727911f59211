// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/abs.hpp>
#include <xgrad/ops/exp.hpp>
#include <xgrad/ops/log1p.hpp>
#include <xgrad/ops/relu.hpp>
#include <xgrad/ops/sigmoid.hpp>

namespace xgrad {

/// softplus(x) = log(1 + e^x): a relu without the corner.
///
/// Shape       [S...]  ->  [S...]
/// Domain      every real x; the result is positive
/// Derivative  sigmoid(x)
/// Limits      -inf gives 0, +inf gives +inf, NaN gives NaN
/// Method      max(x, 0) + log1p(exp(-|x|)); the plain formula overflows above 88 and is 0 below -17
/// Source      Dugas et al., NIPS 2000
struct softplus_op : elementwise<1> {
    static constexpr std::string_view name = "softplus";
    static constexpr op_kind kind = op_kind::composite;
    static constexpr bool heavy = true;
    static constexpr error_bound error{.from = -87, .to = 88, .ulp = 4};

    static constexpr auto value(auto x) {
        using std::abs;
        using lanes::select;
        return select(x <= constant(x, 0), constant(x, 0), x) + lanes::log1p(lanes::exp(-abs(x)));
    }
    static constexpr auto partials(auto x) { return std::tuple{ast::apply<sigmoid_op>(x)}; }
};
inline constexpr function<softplus_op> softplus{};

namespace ast {
template <expression X>
constexpr made<softplus_op, X> softplus(X x) {
    return apply<softplus_op>(x);
}
}  // namespace ast

}  // namespace xgrad
