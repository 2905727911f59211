// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/activation.hpp>
#include <xgrad/ops/all.hpp>

namespace xgrad {

struct quick_gelu_formula {
    static constexpr error_bound error{.ulp = 150};

    template <class X>
    static constexpr auto of(X x) {
        return x * ast::sigmoid(number<1.702> * x);
    }
};
/// quick_gelu(x) = x sigmoid(1.702 x): gelu by a sigmoid.
///
/// Formula     x sigmoid(1.702 x)
/// Gradient    sigmoid(1.702 x) (1 + 1.702 x sigmoid(-1.702 x))
/// Shape       [S...]  ->  [S...]
/// Limits      -inf gives NaN (0 times infinity), +inf gives +inf, NaN stays NaN
/// Error       3 + 1.7 |x| ulp below 0: rounding 1.702 x counts that often
/// Source      Hendrycks and Gimpel, arXiv:1606.08415; CLIP
/// Catalogue   activation
inline constexpr activation<quick_gelu_formula> quick_gelu{};

}  // namespace xgrad
