// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "bench.hpp"

/// The mean negative log-likelihood of a linear-chain conditional random field, and its gradients with respect to the scores and the pairs' scores.
namespace bench::crf {

inline constexpr std::size_t batch = 32, steps = 64, labels = 16;

/// Steps outermost.
struct data {
    std::vector<float> z = uniform(steps * batch * labels, 51, -2, 2), pairs = uniform(labels * labels, 52, -1, 1);
    std::vector<std::int64_t> t = bench::labels(steps * batch, 53, labels);
};
using outcome = results<float, 2>;  ///< gradients: z, pairs

template <class Make>
added variant(const std::string& name, Make make) {
    return {"crf/" + name + "/" + std::to_string(batch) + "x" + std::to_string(steps) + "x" + std::to_string(labels), [make](benchmark::State& state) {
                const data given;
                time_results(state, make(given));
                count_items(state, batch * steps);
                const auto numbers = static_cast<double>(batch * steps * labels);
                // For each pair of labels a sum, an exponential and a product there and back.
                least_work(state, (function_flops + 8) * numbers * static_cast<double>(labels), 8 * numbers);
            }};
}

}  // namespace bench::crf
