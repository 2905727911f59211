// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/activation.hpp>
#include <xgrad/ops/all.hpp>

namespace xgrad {

struct celu_formula {
    static constexpr error_bound error{.ulp = 2};

    template <class X, class A = ast::constant_node<1.0>>
    static constexpr auto of(X x, A alpha = {}) {
        return ast::relu(x) + alpha * ast::expm1(ast::minimum(number<0.0>, x) / alpha);
    }
};
/// celu(x, alpha) = x above 0, alpha (e^(x / alpha) - 1) below: an elu whose derivative has no jump for any alpha.
///
/// Formula     max(x, 0) + alpha expm1(min(x, 0) / alpha)
/// Gradient    1 where x > 0, else e^(x / alpha)
/// Shape       [S...]  ->  [S...]
/// Options     alpha(1_c)
/// Limits      -inf gives -alpha, NaN stays NaN
/// Error       2 ulp for alpha = 1, two more for others
/// Source      Barron, arXiv:1704.07483
/// Catalogue   activation
inline constexpr activation<celu_formula> celu{};

}  // namespace xgrad
