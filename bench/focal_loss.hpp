// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "bench.hpp"

/// Focal loss of logits and labels, -(1 - p)^2 log p with p the softmax at the label, mean over rows: the value and the gradient with respect to the logits.
namespace bench::focal_loss {

inline constexpr std::size_t rows = 4096, classes = 10;

struct data {
    std::vector<float> logits = uniform(rows * classes, 14, -4, 4);
    std::vector<std::int64_t> labels = bench::labels(rows, 15, classes);
};
using outcome = results<float, 1>;

/// Registers one variant; `make(data)` gives a function that computes the outcome.
template <class Make>
added variant(const std::string& name, Make make) {
    return {"focal_loss/" + name + "/" + std::to_string(rows) + "x" + std::to_string(classes), [make](benchmark::State& state) {
                const data given;
                time_results(state, make(given));
                count_items(state, rows * classes);
                // As for cross-entropy, and once a row a logarithm and a dozen operations.
                const auto logits = static_cast<double>(rows * classes);
                least_work(state, (4 + function_flops) * logits + (12 + function_flops) * static_cast<double>(rows), 8 * logits);
            }};
}

}  // namespace bench::focal_loss
