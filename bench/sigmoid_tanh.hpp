// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "bench.hpp"

#include <array>

/// sum(sigmoid(x) tanh(x) + x^2 / 2): the value and the gradient with respect to x.
namespace bench::sigmoid_tanh {

inline constexpr std::array<std::size_t, 2> sizes{4096, 1048576};
inline std::vector<float> numbers(std::size_t count) { return uniform(count, 3, -3, 3); }

/// The least traffic: every number read once, its derivative written once. The work: two exponentials, two divisions and a dozen operations.
inline void report(benchmark::State& state, std::size_t count, double value, const float* gradient) {
    agree_on(state, value + magnitude(gradient, count));
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(count));
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(count) * 8);
    least_work(state, (14 + 2 * function_flops) * static_cast<double>(count), 8 * static_cast<double>(count));
}

/// Registers one variant at every size; `make(numbers)` gives a function that computes and returns value and gradient's address.
template <class Make>
std::vector<added> variant(const std::string& name, Make make) {
    std::vector<added> all;
    for (std::size_t count : sizes)
        all.push_back({"sigmoid_tanh/" + name + "/" + std::to_string(count), [count, make](benchmark::State& state) {
                           auto step = make(numbers(count));
                           auto result = step();
                           for (auto _ : state) {
                               result = step();
                               benchmark::DoNotOptimize(result);
                               benchmark::ClobberMemory();
                           }
                           report(state, count, result.first, result.second);
                       }});
    return all;
}

}  // namespace bench::sigmoid_tanh
