// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/activation.hpp>
#include <xgrad/ops/all.hpp>

namespace xgrad {

struct softshrink_formula {
    static constexpr error_bound error{.ulp = 0.5};

    template <class X, class L = ast::constant_node<0.5>>
    static constexpr auto of(X x, L lambda = {}) {
        return ast::select(x > lambda, x - lambda, ast::select(x < -lambda, x + lambda, ast::select(x == x, number<0.0>, x)));
    }
};
/// softshrink(x, lambda) = x less lambda towards 0, and 0 within it.
///
/// Formula     x > lambda ? x - lambda : x < -lambda ? x + lambda : 0
/// Gradient    1 where |x| > lambda, else 0
/// Shape       [S...]  ->  [S...]
/// Options     lambda(0.5_c)
/// Limits      NaN stays NaN
/// Error       half a ulp for a lambda that is a float
/// Source      PyTorch
/// Catalogue   activation
inline constexpr activation<softshrink_formula> softshrink{};

}  // namespace xgrad
