// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "bench.hpp"

/// Layer normalisation over the last axis, y = (x - mean) / sqrt(variance + 1e-5) gain + bias: the sum of y times a given upstream array, and the
/// gradients with respect to x, gain and bias.
namespace bench::layer_norm {

struct extents {
    std::size_t rows, columns;
    std::size_t elements() const { return rows * columns; }
    std::string text() const { return std::to_string(rows) + "x" + std::to_string(columns); }
};
inline constexpr std::array<extents, 2> sizes{{{256, 768}, {4096, 256}}};
inline constexpr float epsilon = 1e-5f;

struct data {
    std::vector<float> x, upstream, gain, bias;
    explicit data(extents e)
        : x(uniform(e.elements(), 10, -2, 3)), upstream(uniform(e.elements(), 11, -1, 1)), gain(uniform(e.columns, 12, 0.5f, 1.5f)), bias(uniform(e.columns, 13, -1, 1)) {}
};
using outcome = results<float, 3>;  ///< gradients: x, gain, bias

/// Registers one variant at one size; `make(extents, data)` gives a function that computes the outcome.
template <class Make>
added variant(const std::string& name, extents e, Make make) {
    return {"layer_norm/" + name + "/" + e.text(), [e, make](benchmark::State& state) {
                const data given(e);
                time_results(state, make(e, given));
                count_items(state, e.elements());
                // Mean, variance, y and its sums, dx; x and upstream read, dx written.
                least_work(state, 21 * static_cast<double>(e.elements()), 12 * static_cast<double>(e.elements()));
            }};
}

}  // namespace bench::layer_norm
