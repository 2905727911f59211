// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/activation.hpp>
#include <xgrad/ops/all.hpp>

namespace xgrad {

struct hardshrink_formula {
    static constexpr error_bound error{.ulp = 0};

    template <class X, class L = ast::constant_node<0.5>>
    static constexpr auto of(X x, L lambda = {}) {
        return ast::select(ast::abs(x) <= lambda, number<0.0>, x);
    }
};
/// hardshrink(x, lambda) = x beyond lambda, 0 within it.
///
/// Formula     |x| > lambda ? x : 0
/// Gradient    1 where |x| > lambda, else 0
/// Shape       [S...]  ->  [S...]
/// Options     lambda(0.5_c)
/// Limits      NaN stays NaN
/// Source      PyTorch
/// Catalogue   activation
inline constexpr activation<hardshrink_formula> hardshrink{};

}  // namespace xgrad
