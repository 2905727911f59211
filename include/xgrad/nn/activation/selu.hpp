// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/activation.hpp>
#include <xgrad/ops/all.hpp>

namespace xgrad {

struct selu_formula {
    static constexpr error_bound error{.ulp = 3};

    static constexpr double lambda = 1.0507009873554804934, alpha = 1.6732632423543772848;

    template <class X>
    static constexpr auto of(X x) {
        return number<lambda> * ast::relu(x) + number<lambda * alpha> * ast::expm1(ast::minimum(number<0.0>, x));
    }
};
/// selu(x) = lambda elu(x, alpha), with which activations keep mean 0 and variance 1.
///
/// Formula     lambda (max(x, 0) + alpha expm1(min(x, 0))), lambda 1.0507009873554805, alpha 1.6732632423543772
/// Gradient    lambda where x > 0, else lambda alpha e^x
/// Shape       [S...]  ->  [S...]
/// Limits      -inf gives -lambda alpha, NaN stays NaN
/// Error       3 ulp: two constants and two products are rounded beside expm1
/// Source      Klambauer et al., arXiv:1706.02515
/// Catalogue   activation
inline constexpr activation<selu_formula> selu{};

}  // namespace xgrad
