// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "bench.hpp"

#include <fstream>

/// Mean softmax cross-entropy of the logits x weight against labels: the value and the gradients with respect to x and weight. The logits are half a gigabyte.
namespace bench::linear_cross_entropy {

inline constexpr std::size_t rows = 4096, width = 512, classes = 32000;

struct data {
    std::vector<float> x = uniform(rows * width, 18, -1, 1), weight = uniform(width * classes, 19, -0.2f, 0.2f);
    std::vector<std::int64_t> labels = bench::labels(rows, 20, classes);
};
using outcome = results<float, 2>;  ///< gradients: x, weight

/// The memory of this process in bytes, from Linux: now ("VmRSS:") or at its peak ("VmHWM:"); 0 where that is not known.
inline double memory(const std::string& which) {
    std::ifstream status("/proc/self/status");
    std::string word;
    double kilobytes = 0;
    while (status >> word)
        if (word == which && status >> kilobytes) return 1024 * kilobytes;
    return 0;
}
inline void forget_peak() { std::ofstream("/proc/self/clear_refs") << 5; }

/// Registers one variant; `make(data)` gives a function that computes the outcome.
/// `memory` is by how much the steps raise the peak, gradients left out; `arena` what a program says of its intermediates.
template <class Make>
added variant(const std::string& name, Make make) {
    const std::string sizes = std::to_string(rows) + "x" + std::to_string(width) + "x" + std::to_string(classes);
    return once({"linear_cross_entropy/" + name + "/" + sizes, [make](benchmark::State& state) {
                     const data given;
                     auto step = make(given);
                     forget_peak();
                     const double before = memory("VmRSS:");
                     time_results(state, step);
                     state.counters["memory"] = memory("VmHWM:") - before - static_cast<double>(sizeof(float) * (given.x.size() + given.weight.size()));
                     if constexpr (requires { step.arena_bytes(); }) state.counters["arena"] = static_cast<double>(step.arena_bytes());
                     count_items(state, rows);
                     const double products = static_cast<double>(rows * width) * static_cast<double>(classes);
                     // One product forward, two backward; x and weight read, their gradients written.
                     least_work(state, 6 * products, 8 * static_cast<double>(rows * width + width * classes));
                 }});
}

}  // namespace bench::linear_cross_entropy
