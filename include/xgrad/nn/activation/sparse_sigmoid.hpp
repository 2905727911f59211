// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/activation.hpp>
#include <xgrad/ops/all.hpp>

namespace xgrad {

struct sparse_sigmoid_formula {
    static constexpr error_bound error{.ulp = 0.5};

    template <class X>
    static constexpr auto of(X x) {
        return ast::minimum(ast::relu(number<0.5> * (x + number<1.0>)), number<1.0>);
    }
};
/// sparse_sigmoid(x) = 0 up to -1, (x + 1) / 2 to 1, then 1.
///
/// Formula     min(max((x + 1) / 2, 0), 1)
/// Gradient    1/2 where -1 < x < 1, else 0
/// Shape       [S...]  ->  [S...]
/// Limits      NaN stays NaN
/// Error       half a ulp
/// Source      Keras 3
/// Catalogue   activation
inline constexpr activation<sparse_sigmoid_formula> sparse_sigmoid{};

}  // namespace xgrad
