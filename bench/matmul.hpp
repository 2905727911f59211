// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "bench.hpp"

#include <array>

/// A product of two square matrices; items are floating-point operations.
namespace bench::matmul {

inline constexpr std::array<std::size_t, 5> sizes{96, 192, 384, 768, 1344};

/// Registers one variant at every size; `make(n, a, b)` gives a function that computes and returns the product's address.
template <class Make>
std::vector<added> variant(const std::string& name, Make make) {
    std::vector<added> all;
    for (std::size_t n : sizes)
        all.push_back({"matmul/" + name + "/" + std::to_string(n), [n, make](benchmark::State& state) {
                           auto multiply = make(n, uniform(n * n, 4, -1, 1), uniform(n * n, 5, -1, 1));
                           const float* product = multiply();
                           for (auto _ : state) {
                               product = multiply();
                               benchmark::DoNotOptimize(product);
                               benchmark::ClobberMemory();
                           }
                           agree_on(state, magnitude(product, n * n));
                           state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(2 * n * n * n));
                           const auto size = static_cast<double>(n);
                           least_work(state, 2 * size * size * size, 12 * size * size);
                       }});
    return all;
}

}  // namespace bench::matmul
