// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/activation.hpp>
#include <xgrad/ops/all.hpp>

namespace xgrad {

struct hard_sigmoid_formula {
    static constexpr error_bound error{.ulp = 2};

    template <class X, class A = ast::constant_node<1.0 / 6.0>, class B = ast::constant_node<0.5>>
    static constexpr auto of(X x, A slope = {}, B offset = {}) {
        return ast::minimum(ast::relu(slope * (x + offset / slope)), number<1.0>);
    }
};
/// hard_sigmoid(x, slope, offset) = a line cut at 0 and 1.
///
/// Formula     min(max(slope x + offset, 0), 1)
/// Gradient    slope where 0 < slope x + offset < 1, else 0
/// Shape       [S...]  ->  [S...]
/// Options     slope(1/6), offset(0.5_c): PyTorch's and Keras 3's default; ONNX's is hard_sigmoid(0.2_c, 0.5_c)
/// Limits      NaN stays NaN
/// Error       2 ulp
/// Method      slope (x + offset / slope): the sum of x and 3 is exact where the line comes to 0
/// Source      Courbariaux et al., arXiv:1511.00363
/// Catalogue   activation
inline constexpr activation<hard_sigmoid_formula> hard_sigmoid{};

}  // namespace xgrad
