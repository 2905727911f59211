// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "bench.hpp"

/// gelu(a b + bias) of two square matrices and a row, with the exact gelu of the error function; items are the floating-point operations of the product.
namespace bench::matmul_bias_gelu {

inline constexpr std::array<std::size_t, 5> sizes{96, 192, 384, 768, 1344};

struct data {
    std::size_t n;
    std::vector<float> a = uniform(n * n, 27, -1, 1), b = uniform(n * n, 28, -0.2f, 0.2f), bias = uniform(n, 29, -1, 1);
};

/// Registers one variant at every size; `make(data)` gives a function that computes and returns the result's address.
template <class Make>
std::vector<added> variant(const std::string& name, Make make) {
    std::vector<added> all;
    for (std::size_t n : sizes)
        all.push_back({"matmul_bias_gelu/" + name + "/" + std::to_string(n), [n, make](benchmark::State& state) {
                           const data given{n};
                           auto run = make(given);
                           time_results(state, [&] { return results<float, 1>{0, {{{run(), n * n}}}}; });
                           count_items(state, 2 * n * n * n);
                           const auto size = static_cast<double>(n);
                           least_work(state, 2 * size * size * size + (4 + function_flops) * size * size, 12 * size * size);
                       }});
    return all;
}

}  // namespace bench::matmul_bias_gelu
