// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/activation.hpp>
#include <xgrad/ops/all.hpp>

namespace xgrad {

struct thresholded_relu_formula {
    static constexpr error_bound error{.ulp = 0};

    template <class X, class T = ast::constant_node<1.0>>
    static constexpr auto of(X x, T theta = {}) {
        return ast::select(x <= theta, number<0.0>, x);
    }
};
/// thresholded_relu(x, theta) = x above theta, 0 elsewhere.
///
/// Formula     x > theta ? x : 0
/// Gradient    1 where x > theta, else 0
/// Shape       [S...]  ->  [S...]
/// Options     theta(1_c)
/// Limits      NaN stays NaN
/// Source      Konda et al., arXiv:1402.3337; ONNX
/// Catalogue   activation
inline constexpr activation<thresholded_relu_formula> thresholded_relu{};

}  // namespace xgrad
