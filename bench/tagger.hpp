// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "bench.hpp"

/// A tagger of sequences: an LSTM or a GRU, a dense layer at every step, the mean cross-entropy over all steps; its value and the gradients of all parameters.
namespace bench::tagger {

inline constexpr std::size_t batch = 32, steps = 32, inputs = 64, width = 128, labels = 16;

/// What tells the two cells apart. Gates in the order input, forget, cell, output; reset, update, candidate, whose product with the state has a bias too.
struct lstm {
    static constexpr const char* name = "lstm_tagger";
    static constexpr std::size_t gates = 4;
    static constexpr double functions = 5;  ///< of each unit, forward
    static constexpr bool state_bias = false;
};
struct gru {
    static constexpr const char* name = "gru_tagger";
    static constexpr std::size_t gates = 3;
    static constexpr double functions = 3;
    static constexpr bool state_bias = true;
};

/// Steps outermost; each matrix [in, out] by rows, the gates one after the other.
template <class Cell>
struct data {
    std::vector<float> x = uniform(steps * batch * inputs, 41, -1, 1);
    std::vector<std::int64_t> t = bench::labels(steps * batch, 42, labels);
    std::vector<float> weight = uniform(Cell::gates * inputs * width, 43, -0.1f, 0.1f), recurrent = uniform(Cell::gates * width * width, 44, -0.1f, 0.1f);
    std::vector<float> bias = uniform(Cell::gates * width, 45, -0.1f, 0.1f), state_bias = uniform(width, 48, -0.1f, 0.1f);
    std::vector<float> score_weight = uniform(width * labels, 46, -0.1f, 0.1f), score_bias = uniform(labels, 47, -0.1f, 0.1f);
};
using outcome = results<float, 5>;  ///< gradients: the first gate's weight, recurrent, bias; the score's weight, bias

template <class Cell, class Make>
added variant(const std::string& name, Make make) {
    const std::string sizes = std::to_string(batch) + "x" + std::to_string(steps) + "x" + std::to_string(inputs) + "x" + std::to_string(width) + "x" + std::to_string(labels);
    return {Cell::name + ("/" + name) + "/" + sizes, [make](benchmark::State& state) {
                const data<Cell> given;
                time_results(state, make(given));
                count_items(state, batch * steps);
                const auto rows = static_cast<double>(batch * steps);
                // Forward one product, backward two with each weight (x has no gradient).
                const double products = rows * static_cast<double>(Cell::gates * (2 * inputs + 3 * width) * width + 3 * width * labels);
                const double each = Cell::functions * function_flops + 15 * static_cast<double>(Cell::gates);
                least_work(state, 2 * products + each * rows * static_cast<double>(width), 4 * rows * static_cast<double>(inputs + 2 * width));
            }};
}

}  // namespace bench::tagger
