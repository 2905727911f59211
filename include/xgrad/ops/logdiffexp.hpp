// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/log1mexp.hpp>

namespace xgrad {

/// logdiffexp(a, b) = log(e^a - e^b).
///
/// Shape       [A...], [B...]  ->  their NumPy broadcast
/// Domain      a >= b; elsewhere the result is NaN, as it is where both are infinite
/// Derivative  1 / (1 - e^(b - a)), -1 / (e^(a - b) - 1)
/// Method      a + log1mexp(b - a)
inline constexpr struct {
    template <ast::expression A, ast::expression B>
    constexpr auto operator()(A a, B b) const {
        return a + ast::apply<log1mexp_op>(b - a);
    }
} logdiffexp{};

namespace ast {
template <expression A, expression B>
constexpr auto logdiffexp(A a, B b) {
    return xgrad::logdiffexp(a, b);
}
}  // namespace ast

}  // namespace xgrad
