// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "matmul_bias_gelu.hpp"

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;

namespace bench::matmul_bias_gelu {
namespace {

constexpr auto a = xg::input<"a">(xg::axis<"m">, xg::axis<"k">);
constexpr auto b = xg::input<"b">(xg::axis<"k">, xg::axis<"n">);
constexpr auto bias = xg::input<"bias">(xg::axis<"n">);
constexpr auto y = xg::gelu(xg::matmul(a, b) + bias);

template <class... Options>
struct program {
    const data& given;
    xg::tensor<float, 2> result{};
    decltype(xg::compile(y, Options{}...).prepare()) run{};
    const float* operator()() {
        const std::array square{given.n, given.n};
        run.into(result)(a = xg::adapt(given.a.data(), square), b = xg::adapt(given.b.data(), square), bias = xg::adapt(given.bias.data(), std::array{given.n}));
        return result.data();
    }
};
const auto fused = variant("fused", [](const data& given) { return program<>{given}; });
const auto unfused = variant("unfused", [](const data& given) { return program<xg::unfused_t>{given}; });

}  // namespace
}  // namespace bench::matmul_bias_gelu
