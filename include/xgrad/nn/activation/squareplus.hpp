// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/activation.hpp>
#include <xgrad/ops/all.hpp>

namespace xgrad {

struct squareplus_formula {
    static constexpr error_bound error{.ulp = 3};

    template <class X, class B = ast::constant_node<4.0>>
    static constexpr auto of(X x, B b = {}) {
        // |x| whose slope at 0 is that of the side taken there. Where the square might overflow the root is |x|.
        const auto size = ast::select(x > number<0.0>, x, -x);
        const auto root = ast::maximum(ast::sqrt(ast::square(ast::minimum(size, number<1e18>)) + b), size);
        const auto half = number<0.5> * root + number<0.5> * size;
        return ast::select(x > number<0.0>, half, number<0.25> * b / half);
    }
};
/// squareplus(x, b) = (x + sqrt(x^2 + b)) / 2: a softplus without exponentials.
///
/// Formula     (x + sqrt(x^2 + b)) / 2
/// Gradient    (1 + x / sqrt(x^2 + b)) / 2
/// Shape       [S...]  ->  [S...]
/// Options     b(4_c), so that squareplus(0) = 1
/// Limits      -inf gives 0, +inf gives +inf, NaN stays NaN
/// Error       3 ulp
/// Method      below 0 as b / 2 / (sqrt(x^2 + b) - x), where the sum would cancel
/// Source      Barron, arXiv:2112.11687
/// Catalogue   activation
inline constexpr activation<squareplus_formula> squareplus{};

}  // namespace xgrad
