// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "bench.hpp"

/// log(sum(e^x)) of N numbers, in double: the value and the gradient. Sizes from FastAD's suite, powers of two up to 2^14.
namespace bench::logsumexp {

inline constexpr std::array<std::size_t, 5> sizes{1, 16, 256, 4096, 16384};
using outcome = results<double, 1>;

/// Registers one variant at every size; `make(numbers)` gives a function that computes the outcome.
template <class Make>
std::vector<added> variant(const std::string& name, Make make) {
    std::vector<added> all;
    for (std::size_t count : sizes)
        all.push_back({"logsumexp/" + name + "/" + std::to_string(count), [count, make](benchmark::State& state) {
                           const std::vector<float> given = uniform(count, 16, -5, 5);
                           time_results(state, make(std::vector<double>(given.begin(), given.end())));
                           count_items(state, count);
                           // An operation in double counts as two: half as many fit a register.
                           least_work(state, 2 * (4 + function_flops) * static_cast<double>(count), 16 * static_cast<double>(count));
                       }});
    return all;
}

}  // namespace bench::logsumexp
