// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/activation/hard_sigmoid.hpp>

namespace xgrad {

struct hard_silu_formula {
    static constexpr error_bound error{.ulp = 3};

    template <class X>
    static constexpr auto of(X x) {
        return x * hard_sigmoid(x);
    }
};
/// hard_silu(x) = x hard_sigmoid(x), also called hard_swish.
///
/// Formula     x min(max(x / 6 + 1/2, 0), 1)
/// Gradient    0 where x <= -3, 1 where x >= 3, x / 3 + 1/2 between
/// Shape       [S...]  ->  [S...]
/// Limits      -inf gives NaN (0 times infinity), +inf gives +inf, NaN stays NaN
/// Error       3 ulp
/// Source      Howard et al., arXiv:1905.02244
/// Catalogue   activation
inline constexpr activation<hard_silu_formula> hard_silu{};
inline constexpr activation<hard_silu_formula> hard_swish{};

}  // namespace xgrad
