// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "matmul.hpp"

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;

namespace bench::matmul {
namespace {

constexpr auto a = xg::input<"a">(xg::axis<"m">, xg::axis<"k">);
constexpr auto b = xg::input<"b">(xg::axis<"k">, xg::axis<"n">);

struct program {
    xg::tensor<float, 2> left, right, product;
    decltype(xg::compile(xg::matmul(a, b)).prepare()) run{};
    const float* operator()() {
        run.into(product)(a = left, b = right);
        return product.data();
    }
};
const auto all = variant("fused", [](std::size_t n, const std::vector<float>& left, const std::vector<float>& right) {
    return program{xg::adapt(left.data(), std::array{n, n}), xg::adapt(right.data(), std::array{n, n}), {}};
});

}  // namespace
}  // namespace bench::matmul
