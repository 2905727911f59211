// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/activation.hpp>
#include <xgrad/ops/all.hpp>

namespace xgrad {

struct log_sigmoid_formula {
    static constexpr error_bound error{.ulp = 2};

    template <class X>
    static constexpr auto of(X x) {
        return -ast::softplus(-x);
    }
};
/// log_sigmoid(x) = log(sigmoid(x)).
///
/// Formula     -softplus(-x)
/// Gradient    sigmoid(-x)
/// Shape       [S...]  ->  [S...]
/// Limits      -inf gives -inf, +inf gives 0, NaN stays NaN
/// Error       2 ulp
/// Source      PyTorch
/// Catalogue   activation
inline constexpr activation<log_sigmoid_formula> log_sigmoid{};

}  // namespace xgrad
