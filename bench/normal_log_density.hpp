// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "bench.hpp"

/// The logarithm of the normal density, summed over N numbers, in double, for a mean and a deviation known at run time: the value and the gradient with
/// respect to the numbers. Sizes from FastAD's suite, powers of two up to 2^14.
namespace bench::normal_log_density {

inline constexpr std::array<std::size_t, 5> sizes{1, 16, 256, 4096, 16384};
inline constexpr double mean = -0.56, deviation = 1.37;
using outcome = results<double, 1>;

/// Registers one variant at every size; `make(numbers)` gives a function that computes the outcome.
template <class Make>
std::vector<added> variant(const std::string& name, Make make) {
    std::vector<added> all;
    for (std::size_t count : sizes)
        all.push_back({"normal_log_density/" + name + "/" + std::to_string(count), [count, make](benchmark::State& state) {
                           const std::vector<float> given = uniform(count, 17, -5, 5);
                           time_results(state, make(std::vector<double>(given.begin(), given.end())));
                           count_items(state, count);
                           // An operation in double counts as two: half as many fit a register.
                           least_work(state, 2 * 5 * static_cast<double>(count), 16 * static_cast<double>(count));
                       }});
    return all;
}

}  // namespace bench::normal_log_density
