// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/activation.hpp>
#include <xgrad/ops/all.hpp>

namespace xgrad {

struct sparse_plus_formula {
    static constexpr error_bound error{.ulp = 2};

    template <class X>
    static constexpr auto of(X x) {
        return ast::select(x <= number<-1.0>, number<0.0>, ast::select(x >= number<1.0>, x, number<0.25> * ast::square(x + number<1.0>)));
    }
};
/// sparse_plus(x) = 0 up to -1, (x + 1)^2 / 4 to 1, then x.
///
/// Formula     x <= -1 ? 0 : x >= 1 ? x : (x + 1)^2 / 4
/// Gradient    0, (x + 1) / 2, 1: sparse_sigmoid(x)
/// Shape       [S...]  ->  [S...]
/// Limits      NaN stays NaN
/// Error       1.5 ulp
/// Source      Keras 3; Martins and Astudillo, arXiv:1602.02068
/// Catalogue   activation
inline constexpr activation<sparse_plus_formula> sparse_plus{};

}  // namespace xgrad
