// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/activation.hpp>
#include <xgrad/ops/all.hpp>

namespace xgrad {

struct relu6_formula {
    static constexpr error_bound error{.ulp = 0};

    template <class X>
    static constexpr auto of(X x) {
        return ast::minimum(ast::relu(x), number<6.0>);
    }
};
/// relu6(x) = min(max(x, 0), 6): a relu with a ceiling.
///
/// Formula     min(max(x, 0), 6)
/// Gradient    1 where 0 < x < 6, else 0
/// Shape       [S...]  ->  [S...]
/// Limits      NaN stays NaN
/// Source      Krizhevsky, 2010; PyTorch
/// Catalogue   activation
inline constexpr activation<relu6_formula> relu6{};

}  // namespace xgrad
