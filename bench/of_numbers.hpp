// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "bench.hpp"

/// A number made of N numbers, in double, and its gradient. Sizes from FastAD's suite, powers of two up to 2^14.
namespace bench::of_numbers {

inline constexpr std::array<std::size_t, 5> sizes{1, 16, 256, 4096, 16384};
using outcome = results<double, 1>;

/// Registers one variant of a case at every size; `make(numbers)` gives a function that computes the outcome. `flops` are those
/// of one number: in double an operation counts as two, as half as many fit a register.
template <class Make>
std::vector<added> variant(const std::string& name, std::uint64_t seed, double flops, Make make) {
    std::vector<added> all;
    for (std::size_t count : sizes)
        all.push_back({name + "/" + std::to_string(count), [seed, flops, count, make](benchmark::State& state) {
                           const std::vector<float> given = uniform(count, seed, -5, 5);
                           time_results(state, make(std::vector<double>(given.begin(), given.end())));
                           count_items(state, count);
                           least_work(state, 2 * flops * static_cast<double>(count), 16 * static_cast<double>(count));
                       }});
    return all;
}

}  // namespace bench::of_numbers
