// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <benchmark/benchmark.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace bench {

/// Registers `case/variant/arguments` while globals are made: a peer is a source file, and is absent where its library is.
struct added {
    benchmark::internal::Benchmark* registered;
    added(const std::string& name, std::function<void(benchmark::State&)> run) : registered(benchmark::RegisterBenchmark(name.c_str(), std::move(run))) {
        registered->Unit(benchmark::kMicrosecond);
    }
};
/// For a step that takes seconds: one is timed, in three repetitions.
inline added once(added what) {
    what.registered->Iterations(1)->Repetitions(3);
    return what;
}

/// Numbers that every variant of one case must agree on; compare.py refuses the ratio where they do not.
template <class... Values>
void agree_on(benchmark::State& state, double value, Values... others) {
    state.counters["check"] = value;
    int count = 0;
    ((state.counters["check" + std::to_string(++count)] = others), ...);
}

/// The least that a step does: floating-point operations, and bytes read and written once each. compare.py sets its time against
/// what the machine's limits allow.
inline void least_work(benchmark::State& state, double flops, double bytes) {
    state.counters["flops"] = flops;
    state.counters["bytes"] = bytes;
}
/// An exp, a log, a tanh or an erf counts as the operations of its polynomial.
inline constexpr double function_flops = 16;

/// Uniform numbers, the same for a seed in every variant.
class random_numbers {
public:
    explicit random_numbers(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15u + 1) {}
    std::uint32_t next() {  // Knuth's multiplier; the upper half is well mixed
        state_ = state_ * 6364136223846793005u + 1442695040888963407u;
        return static_cast<std::uint32_t>(state_ >> 32);
    }
    float uniform(float from, float to) { return from + (to - from) * static_cast<float>(next() >> 8) * 0x1p-24f; }

private:
    std::uint64_t state_;
};

inline std::vector<float> uniform(std::size_t count, std::uint64_t seed, float from, float to) {
    random_numbers r(seed);
    std::vector<float> made(count);
    for (float& x : made) x = r.uniform(from, to);
    return made;
}
inline std::vector<std::int64_t> labels(std::size_t count, std::uint64_t seed, std::size_t classes) {
    random_numbers r(seed);
    std::vector<std::int64_t> made(count);
    for (std::int64_t& x : made) x = static_cast<std::int64_t>(r.next() % classes);
    return made;
}

/// The sum of the magnitudes, for `agree_on`.
template <class T>
double magnitude(const T* data, std::size_t count) {
    double sum = 0;
    for (std::size_t i = 0; i < count; ++i) sum += std::abs(static_cast<double>(data[i]));
    return sum;
}

/// What a step has computed: a value, and arrays (gradients, an output) where they lie.
template <class T, std::size_t Count>
struct results {
    double value;
    std::array<std::span<const T>, Count> arrays;
};

/// Times `step`, which returns results; the first call, which may allocate, is not timed.
template <class Step>
void time_results(benchmark::State& state, Step&& step) {
    auto made = step();
    for (auto _ : state) {
        made = step();
        benchmark::DoNotOptimize(made);
        benchmark::ClobberMemory();
    }
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        agree_on(state, made.value, magnitude(made.arrays[I].data(), made.arrays[I].size())...);
    }(std::make_index_sequence<made.arrays.size()>{});
}
inline void count_items(benchmark::State& state, std::size_t items) {
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(items));
}

}  // namespace bench
