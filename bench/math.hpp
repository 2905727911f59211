// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "bench.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>

/// f(x) of 4096 numbers that stay in the first-level cache, over the range where f is neither flat nor infinite.
namespace bench::math {

inline constexpr std::size_t count = 4096;

struct function_range {
    std::string_view name;
    float from, to;
};
inline constexpr std::array<function_range, 9> functions{
    {{"exp", -20, 20}, {"expm1", -5, 20}, {"log", 1e-3f, 1e3f}, {"log1p", -0.9f, 20}, {"tanh", -6, 6}, {"erf", -4, 4}, {"erfc", -3, 9}, {"normal_cdf", -9, 9},
     {"sigmoid", -10, 10}}};

/// Apart by more than whole pages: processors compare the low bits of addresses first, and would take y[i] for x[i].
struct numbers {
    alignas(64) float x[count];
    alignas(64) float between[80];
    alignas(64) float y[count];
};

/// Registers one function of one variant; `make(x, y)` gives what computes y from x.
template <class Make>
added variant(const std::string& name, const std::string& function, Make make) {
    return {"math/" + name + "/" + function, [function, make](benchmark::State& state) {
                const auto range = *std::find_if(functions.begin(), functions.end(), [&](const function_range& f) { return f.name == function; });
                const auto memory = std::make_unique<numbers>();
                const std::vector<float> given = uniform(count, 11, range.from, range.to);
                std::copy(given.begin(), given.end(), memory->x);
                auto step = make(memory->x, memory->y);
                for (auto _ : state) {
                    step();
                    benchmark::DoNotOptimize(memory->y);
                    benchmark::ClobberMemory();
                }
                agree_on(state, magnitude(memory->y, count));
                state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(count));
            }};
}

/// The same with a function of vectors of `width` numbers: `load`, `call` and `store` in one.
template <std::size_t Width, class Step>
added of_vectors(const std::string& name, const std::string& function, Step step) {
    return variant(name, function, [step](const float* x, float* y) {
        return [=] {
            for (std::size_t i = 0; i < count; i += Width) step(x + i, y + i);
        };
    });
}

}  // namespace bench::math
