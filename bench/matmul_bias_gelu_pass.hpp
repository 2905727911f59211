// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "matmul_bias_gelu.hpp"

#include <xgrad/xgrad.hpp>

namespace bench::matmul_bias_gelu {

/// The pass after a product that cannot fuse it: xgrad's own gelu, so that peers differ in the product and the second visit alone. In place.
class bias_gelu_pass {
    static constexpr auto product = xgrad::input<"product">(xgrad::axis<"m">, xgrad::axis<"n">);
    static constexpr auto bias = xgrad::input<"bias">(xgrad::axis<"n">);
    decltype(xgrad::compile(xgrad::gelu(product + bias)).prepare()) run_{};

public:
    xgrad::tensor<float, 2> values;  ///< the product, then the result
    explicit bias_gelu_pass(std::size_t n) : values({n, n}) {}
    const float* operator()(const std::vector<float>& b) {
        run_.into(values)(product = values, bias = xgrad::adapt(b.data(), std::array{b.size()}));
        return values.data();
    }
};

}  // namespace bench::matmul_bias_gelu
