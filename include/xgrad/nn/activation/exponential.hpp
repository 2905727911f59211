// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/activation.hpp>
#include <xgrad/ops/all.hpp>

namespace xgrad {

struct exponential_formula {
    static constexpr error_bound error = exp_op::error;

    template <class X>
    static constexpr auto of(X x) {
        return ast::exp(x);
    }
};
/// exponential(x) = e^x.
///
/// Formula     e^x
/// Gradient    e^x
/// Shape       [S...]  ->  [S...]
/// Limits      -inf gives 0, +inf gives +inf, NaN stays NaN
/// Error       that of exp
/// Source      Keras
/// Catalogue   activation
inline constexpr activation<exponential_formula> exponential{};

}  // namespace xgrad
