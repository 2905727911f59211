// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/activation.hpp>
#include <xgrad/ops/all.hpp>

namespace xgrad {

struct elu_formula {
    static constexpr error_bound error{.ulp = 2};

    template <class X, class A = ast::constant_node<1.0>>
    static constexpr auto of(X x, A alpha = {}) {
        return ast::relu(x) + alpha * ast::expm1(ast::minimum(number<0.0>, x));
    }
};
/// elu(x, alpha) = x above 0, alpha (e^x - 1) below.
///
/// Formula     max(x, 0) + alpha expm1(min(x, 0))
/// Gradient    1 where x > 0, else alpha e^x
/// Shape       [S...]  ->  [S...]
/// Options     alpha(1_c)
/// Limits      -inf gives -alpha, NaN stays NaN
/// Error       2 ulp for alpha = 1, one more for others
/// Method      expm1 near 0; the exponential sees min(x, 0), so that a large x cannot make its unused derivative 0 times infinity
/// Source      Clevert et al., arXiv:1511.07289
/// Catalogue   activation
inline constexpr activation<elu_formula> elu{};

}  // namespace xgrad
