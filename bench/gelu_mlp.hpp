// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "bench.hpp"

/// The two layers of a transformer block, y = gelu(x W1 + b1) W2 + b2: the sum of y times a given upstream array, and the gradients with respect to x and all
/// four parameters.
namespace bench::gelu_mlp {

inline constexpr std::size_t batch = 256, width = 512, hidden = 2048;

struct data {
    std::vector<float> x = uniform(batch * width, 21, -1, 1), upstream = uniform(batch * width, 22, -1, 1);
    std::vector<float> rise_weight = uniform(width * hidden, 23, -0.1f, 0.1f), rise_bias = uniform(hidden, 24, -0.1f, 0.1f);  ///< [in, out], by rows
    std::vector<float> fall_weight = uniform(hidden * width, 25, -0.1f, 0.1f), fall_bias = uniform(width, 26, -0.1f, 0.1f);
};
using outcome = results<float, 5>;  ///< gradients: x, rise.weight, rise.bias, fall.weight, fall.bias

/// Registers one variant; `make(data)` gives a function that computes the outcome.
template <class Make>
added variant(const std::string& name, Make make) {
    const std::string sizes = std::to_string(width) + "-" + std::to_string(hidden) + "-" + std::to_string(width) + "/" + std::to_string(batch);
    return {"gelu_mlp/" + name + "/" + sizes, [make](benchmark::State& state) {
                const data given;
                time_results(state, make(given));
                count_items(state, batch);
                const auto products = static_cast<double>(batch * width * hidden), weights = static_cast<double>(2 * width * hidden);
                // Two products forward, four backward; gelu and its derivative; the data read, the gradients written.
                least_work(state, 12 * products + (2 * function_flops + 10) * static_cast<double>(batch * hidden), 8 * weights + 12 * static_cast<double>(batch * width));
            }};
}

}  // namespace bench::gelu_mlp
