// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/activation.hpp>
#include <xgrad/ops/all.hpp>

namespace xgrad {

struct relu_squared_formula {
    static constexpr error_bound error{.ulp = 0.5};

    template <class X>
    static constexpr auto of(X x) {
        return ast::square(ast::relu(x));
    }
};
/// relu_squared(x) = max(x, 0)^2.
///
/// Formula     max(x, 0)^2
/// Gradient    2 max(x, 0)
/// Shape       [S...]  ->  [S...]
/// Limits      NaN stays NaN
/// Error       half a ulp
/// Source      So et al., arXiv:2109.08668
/// Catalogue   activation
inline constexpr activation<relu_squared_formula> relu_squared{};

}  // namespace xgrad
