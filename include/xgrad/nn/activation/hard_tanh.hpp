// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/activation.hpp>
#include <xgrad/ops/all.hpp>

namespace xgrad {

struct hard_tanh_formula {
    static constexpr error_bound error{.ulp = 0};

    template <class X, class L = ast::constant_node<-1.0>, class M = ast::constant_node<1.0>>
    static constexpr auto of(X x, L least = {}, M most = {}) {
        return ast::select(x <= least, least, ast::select(x >= most, most, x));
    }
};
/// hard_tanh(x, least, most) = x held between two numbers.
///
/// Formula     min(max(x, least), most)
/// Gradient    1 where least < x < most, else 0
/// Shape       [S...]  ->  [S...]
/// Options     least(-1_c), most(1_c)
/// Limits      NaN stays NaN
/// Source      PyTorch
/// Catalogue   activation
inline constexpr activation<hard_tanh_formula> hard_tanh{};

}  // namespace xgrad
