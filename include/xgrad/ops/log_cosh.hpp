// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/abs.hpp>
#include <xgrad/ops/expm1.hpp>
#include <xgrad/ops/log1p.hpp>
#include <xgrad/ops/tanh.hpp>

namespace xgrad {

/// log_cosh(x) = log(cosh(x)). In namespace ast alone: xg::log_cosh(p, y) is the loss made of it.
///
/// Shape       [S...]  ->  [S...]
/// Domain      every real x; the result is not negative
/// Derivative  tanh(x)
/// Limits      +-inf gives +inf, NaN gives NaN
/// Method      with u = expm1(-|x|): log1p(u^2 / (2 (1 + u))) below 1, |x| - log 2 + log1p((1 + u)^2) above. The second alone has no digits
///             left near 0, the first overflows above 88
struct log_cosh_op : elementwise<1> {
    static constexpr std::string_view name = "log_cosh";
    static constexpr op_kind kind = op_kind::composite;
    static constexpr bool heavy = true;
    static constexpr error_bound error{.from = -1e30, .to = 1e30, .ulp = 4};

    static constexpr auto value(auto x) {
        using std::abs;
        using lanes::select;
        const auto size = abs(x);
        const auto u = lanes::expm1(-size);
        const auto one = constant(x, 1), rest = one + u;
        const auto near = size < one;
        const auto outside = select(near, constant(x, 0), size - constant(x, std::numbers::ln2));
        return outside + lanes::log1p(select(near, constant(x, 0.5) * (u * u) / rest, rest * rest));
    }
    static constexpr auto partials(auto x) { return std::tuple{ast::apply<tanh_op>(x)}; }
};

namespace ast {
template <expression X>
constexpr made<log_cosh_op, X> log_cosh(X x) {
    return apply<log_cosh_op>(x);
}
}  // namespace ast

}  // namespace xgrad
