// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace xgrad {

/// What a plan's kernels took; xgrad/show/profile.hpp prints it beside what they were predicted to do.
struct kernel_times {
    std::vector<double> seconds{};  ///< by step of the plan, medians; -1 for one that ran together with those before it
    std::vector<std::pair<std::string_view, std::int64_t>> sizes{};  ///< of named axes
    int threads = 1, runs = 0;
};

namespace detail {
/// Medians over runs; `seconds` holds one run after the other. (A template, so that only programs that measure compile it.)
template <class Seconds>
std::vector<double> medians(const Seconds& seconds, std::size_t steps) {
    std::vector<double> made(steps, 0), one;
    for (std::size_t s = 0; s < steps; ++s) {
        one.clear();
        for (std::size_t i = s; i < seconds.size(); i += steps) one.push_back(seconds[i]);
        const auto middle = one.begin() + static_cast<std::ptrdiff_t>(one.size() / 2);
        std::nth_element(one.begin(), middle, one.end());
        if (!one.empty()) made[s] = *middle;
    }
    return made;
}
}  // namespace detail

}  // namespace xgrad
