// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/activation.hpp>
#include <xgrad/ops/all.hpp>

namespace xgrad {

struct softsign_formula {
    static constexpr error_bound error{.ulp = 2};

    template <class X>
    static constexpr auto of(X x) {
        return x / (number<1.0> + ast::abs(x));
    }
};
/// softsign(x) = x / (1 + |x|).
///
/// Formula     x / (1 + |x|)
/// Gradient    1 / (1 + |x|)^2
/// Shape       [S...]  ->  [S...]
/// Limits      infinities give NaN, NaN stays NaN
/// Error       2 ulp
/// Source      Bergstra et al., 2009
/// Catalogue   activation
inline constexpr activation<softsign_formula> softsign{};

}  // namespace xgrad
