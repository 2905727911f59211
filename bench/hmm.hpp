// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "bench.hpp"

#include <algorithm>

/// The log-likelihood of sequences by a hidden Markov model, summed over them: the forward algorithm with logarithms of probabilities; alone, or with its gradients by
/// what each state says to each step (the states' probabilities) and by the moves (expected counts).
namespace bench::hmm {

struct extents {
    std::size_t sequences, steps, states;
    std::string text() const { return std::to_string(sequences) + "x" + std::to_string(steps) + "x" + std::to_string(states); }
};
inline constexpr extents sizes[]{{1, 1000, 16}, {32, 100, 64}};

/// Logarithms: of what is seen in each state, [steps, sequences, states]; of each row's moves, [from, to]. All states are as likely at first.
struct data {
    extents e;
    std::vector<float> seen = uniform(e.steps * e.sequences * e.states, 61, -6, 0), moves = uniform(e.states * e.states, 62, -3, 3);

    explicit data(extents of) : e(of) {
        for (std::size_t j = 0; j < e.states; ++j) {
            float* row = moves.data() + j * e.states;
            double total = 0;
            for (std::size_t k = 0; k < e.states; ++k) total += std::exp(static_cast<double>(row[k]));
            for (std::size_t k = 0; k < e.states; ++k) row[k] -= static_cast<float>(std::log(total));
        }
    }
};
using value_alone = results<float, 0>;
using with_gradients = results<float, 2>;  ///< seen, moves: parts of them, because all of them add up to the number of steps, right or wrong
/// Of the first step, the first half of the states; the moves from the first of them.
inline with_gradients with(double value, const float* seen, const float* moves, std::size_t states) { return {value, {{{seen, states / 2}, {moves, states}}}}; }

/// make(data, number of states as a constant) gives a step that returns value_alone or with_gradients.
template <class Make>
std::vector<added> variant(const std::string& name, Make make) {
    auto one = [&]<std::size_t Size>(std::integral_constant<std::size_t, Size>) {
        static constexpr extents e = sizes[Size];
        static constexpr std::integral_constant<std::size_t, e.states> states{};
        constexpr bool alone = std::is_same_v<decltype(make(std::declval<const data&>(), states)()), value_alone>;
        return added((alone ? "hmm/" : "hmm_gradients/") + name + "/" + e.text(), [make](benchmark::State& state) {
            const data given(e);
            time_results(state, make(given, states));
            count_items(state, e.steps * e.sequences);
            const auto numbers = static_cast<double>(e.steps * e.sequences * e.states), pairs = numbers * static_cast<double>(e.states);
            // A product and a sum for each pair of states, three times with gradients; functions for each state.
            least_work(state, (alone ? 2 : 6) * pairs + 2 * function_flops * numbers, (alone ? 4 : 8) * numbers);
        });
    };
    return {one(std::integral_constant<std::size_t, 0>{}), one(std::integral_constant<std::size_t, 1>{})};
}

}  // namespace bench::hmm
