// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "bench.hpp"

#include <xsimd/xsimd.hpp>

#include <cstring>

/// What the machine can do at most: copying in each level of the memory, and multiply-adds from registers.
namespace bench::limit {
namespace {

void copy(benchmark::State& state, std::size_t bytes) {
    const std::vector<char> from(bytes, 'x');
    std::vector<char> to(bytes);
    for (auto _ : state) {
        std::memcpy(to.data(), from.data(), bytes);
        benchmark::DoNotOptimize(to.data());
        benchmark::ClobberMemory();
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(2 * bytes));
}

using batch = xsimd::batch<float>;
constexpr std::size_t chains = 12, links = 1024;

template <std::size_t... I>
void extend(std::array<batch, chains>& x, batch factor, batch term, std::index_sequence<I...>) {
    for (std::size_t i = 0; i < links; ++i) ((x[I] = xsimd::fma(x[I], factor, term)), ...);
}
void flops(benchmark::State& state) {
    std::array<batch, chains> x;
    x.fill(batch(1.0f));
    float factor = 0.5f;
    for (auto _ : state) {
        benchmark::DoNotOptimize(factor);
        extend(x, batch(factor), batch(0.25f), std::make_index_sequence<chains>{});
        benchmark::DoNotOptimize(x);
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(2 * batch::size * chains * links));
}

const added all[]{{"limit/copy/65536", [](benchmark::State& s) { copy(s, 65536); }},
                  {"limit/copy/8388608", [](benchmark::State& s) { copy(s, 8388608); }},
                  {"limit/copy/268435456", [](benchmark::State& s) { copy(s, 268435456); }},
                  {"limit/flops/float", flops}};
[[maybe_unused]] const bool noted = [] {
    benchmark::AddCustomContext("xgrad", std::string("xsimd, kernels for ") + batch::arch_type::name());
    return true;
}();

}  // namespace
}  // namespace bench::limit
