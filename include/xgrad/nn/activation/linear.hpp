// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/activation.hpp>
#include <xgrad/ops/all.hpp>

namespace xgrad {

struct linear_formula {
    static constexpr error_bound error{.ulp = 0};

    template <class X>
    static constexpr auto of(X x) {
        return x;
    }
};
/// linear(x) = x.
///
/// Formula     x
/// Gradient    1
/// Shape       [S...]  ->  [S...]
/// Source      Keras
/// Catalogue   activation
inline constexpr activation<linear_formula> linear{};

}  // namespace xgrad
