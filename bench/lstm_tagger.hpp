// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "bench.hpp"

/// A tagger of sequences: an LSTM, a dense layer at every step, the mean cross-entropy over all steps; its value and the gradients of all parameters.
namespace bench::lstm_tagger {

inline constexpr std::size_t batch = 32, steps = 32, inputs = 64, width = 128, labels = 16, gates = 4;

/// Steps outermost; gates in the order input, forget, cell, output, each matrix [in, out] by rows.
struct data {
    std::vector<float> x = uniform(steps * batch * inputs, 41, -1, 1);
    std::vector<std::int64_t> t = bench::labels(steps * batch, 42, labels);
    std::vector<float> weight = uniform(gates * inputs * width, 43, -0.1f, 0.1f), recurrent = uniform(gates * width * width, 44, -0.1f, 0.1f);
    std::vector<float> bias = uniform(gates * width, 45, -0.1f, 0.1f);
    std::vector<float> score_weight = uniform(width * labels, 46, -0.1f, 0.1f), score_bias = uniform(labels, 47, -0.1f, 0.1f);
};
using outcome = results<float, 5>;  ///< gradients: the input gate's weight, recurrent, bias; the score's weight, bias

template <class Make>
added variant(const std::string& name, Make make) {
    const std::string sizes = std::to_string(batch) + "x" + std::to_string(steps) + "x" + std::to_string(inputs) + "x" + std::to_string(width) + "x" + std::to_string(labels);
    return {"lstm_tagger/" + name + "/" + sizes, [make](benchmark::State& state) {
                const data given;
                time_results(state, make(given));
                count_items(state, batch * steps);
                const auto rows = static_cast<double>(batch * steps);
                // Forward one product, backward two with each weight (x has no gradient); five functions of each unit forward.
                const double products = rows * static_cast<double>(gates * (2 * inputs + 3 * width) * width + 3 * width * labels);
                least_work(state, 2 * products + (5 * function_flops + 60) * rows * static_cast<double>(width), 4 * rows * static_cast<double>(inputs + 2 * width));
            }};
}

}  // namespace bench::lstm_tagger
