// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "bench.hpp"

#include <array>

/// Softmax cross-entropy of logits and labels, mean over rows: the value and the gradient with respect to the logits.
namespace bench::cross_entropy {

struct extents {
    std::size_t rows, classes;
    std::size_t logits() const { return rows * classes; }
    std::string text() const { return std::to_string(rows) + "x" + std::to_string(classes); }
};
inline constexpr std::array<extents, 4> sizes{{{128, 10}, {4096, 10}, {1024, 1000}, {2048, 32000}}};

inline std::vector<float> logits(extents e) { return uniform(e.logits(), 1, -4, 4); }
inline std::vector<std::int64_t> targets(extents e) { return labels(e.rows, 2, e.classes); }

/// The least traffic: every logit read once, its derivative written once. The work: maximum, difference, exp, sum, scale.
inline void report(benchmark::State& state, extents e, double value, const float* gradient) {
    agree_on(state, value + magnitude(gradient, e.logits()));
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(e.logits()));
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(e.logits()) * 8);
    least_work(state, (4 + function_flops) * static_cast<double>(e.logits()), 8 * static_cast<double>(e.logits()));
}

/// Times `step`, which leaves its results in `value` and at `gradient()`; the first call, which may allocate, is not timed.
template <class Step, class Value, class Gradient>
void time_steps(benchmark::State& state, extents e, Step step, const Value& value, Gradient gradient) {
    step();
    for (auto _ : state) {
        step();
        benchmark::DoNotOptimize(value);
        benchmark::DoNotOptimize(gradient());
        benchmark::ClobberMemory();
    }
    report(state, e, static_cast<double>(value), gradient());
}

}  // namespace bench::cross_entropy
