// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/activation.hpp>
#include <xgrad/ops/all.hpp>

namespace xgrad {

struct leaky_relu_formula {
    static constexpr error_bound error{.ulp = 1.5};

    template <class X, class A = ast::constant_node<0.01>>
    static constexpr auto of(X x, A slope = {}) {
        return ast::select(x > number<0.0>, x, slope * x);
    }
};
/// leaky_relu(x, slope) = x above 0, slope x below: a relu that never dies.
///
/// Formula     x > 0 ? x : slope x
/// Gradient    1 where x > 0, else slope
/// Shape       [S...]  ->  [S...]
/// Options     slope(0.01_c): PyTorch's and ONNX's default; Keras has 0.3 as a layer and 0.2 as a function
/// Limits      NaN stays NaN
/// Error       1.5 ulp: the slope and the product are rounded
/// Source      Maas et al., ICML 2013
/// Catalogue   activation
inline constexpr activation<leaky_relu_formula> leaky_relu{};

}  // namespace xgrad
