// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/activation.hpp>
#include <xgrad/ops/all.hpp>

namespace xgrad {

struct swish_formula {
    static constexpr error_bound error{.ulp = 4};

    template <class X>
    static constexpr auto of(X x) {
        return ast::silu(x);
    }
    template <class X, class B>
    static constexpr auto of(X x, B beta) {
        return x * ast::sigmoid(beta * x);
    }
};
/// swish(x, beta) = x sigmoid(beta x); swish(x) is silu(x).
///
/// Formula     x sigmoid(beta x)
/// Gradient    sigmoid(beta x) (1 + beta x sigmoid(-beta x))
/// Shape       [S...]  ->  [S...]
/// Options     beta(1_c), or a parameter by swish.with(beta)
/// Limits      -inf gives 0 without options and NaN with a beta, +inf gives +inf, NaN stays NaN
/// Error       4 ulp for beta = 1; else 3 + |beta x| below 0
/// Source      Ramachandran et al., arXiv:1710.05941
/// Catalogue   activation
inline constexpr activation<swish_formula> swish{};

}  // namespace xgrad
