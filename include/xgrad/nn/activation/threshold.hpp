// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/activation.hpp>
#include <xgrad/ops/all.hpp>

namespace xgrad {

struct threshold_formula {
    static constexpr error_bound error{.ulp = 0};

    template <class X, class T = ast::constant_node<0.0>, class V = ast::constant_node<0.0>>
    static constexpr auto of(X x, T theta = {}, V value = {}) {
        return ast::select(x > theta, x, value);
    }
};
/// threshold(x, theta, value) = x above theta, value elsewhere.
///
/// Formula     x > theta ? x : value
/// Gradient    1 where x > theta, else 0
/// Shape       [S...]  ->  [S...]
/// Options     theta(0_c), value(0_c)
/// Limits      NaN gives value, as in PyTorch
/// Source      PyTorch
/// Catalogue   activation
inline constexpr activation<threshold_formula> threshold{};

}  // namespace xgrad
