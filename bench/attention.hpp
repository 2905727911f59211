// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "bench.hpp"

/// Attention and its derivatives: sum(attention(q, k, v) * w), its value and the gradients by q, k and v; [sequences, steps, features], one head.
namespace bench::attention {

struct sizes {
    std::size_t sequences, steps, features;
    bool causal;
    std::string text() const { return std::to_string(sequences) + "x" + std::to_string(steps) + "x" + std::to_string(features) + (causal ? "/causal" : ""); }
    std::size_t numbers() const { return sequences * steps * features; }
};
/// Many keys; sentences of a small model.
inline const sizes all_sizes[]{{1, 4096, 64, false}, {1, 4096, 64, true}, {64, 128, 32, true}};

struct data {
    sizes s;
    std::vector<float> q, k, v, w;
    explicit data(sizes of) : s(of), q(uniform(s.numbers(), 71, -1, 1)), k(uniform(s.numbers(), 72, -1, 1)), v(uniform(s.numbers(), 73, -1, 1)), w(uniform(s.numbers(), 74, -1, 1)) {}
};
using outcome = results<float, 3>;

template <class Make>
added variant(const std::string& name, sizes s, Make make) {
    return {"attention/" + name + "/" + s.text(), [make, s](benchmark::State& state) {
                const data given(s);
                time_results(state, make(given));
                count_items(state, static_cast<std::int64_t>(s.sequences * s.steps));
                // Two products forward, four backward and the scores once more; an exponential each way.
                const double scores = static_cast<double>(s.sequences * s.steps * s.steps) / (s.causal ? 2 : 1);
                least_work(state, scores * (14 * static_cast<double>(s.features) + 2 * function_flops + 8), 4 * 8 * static_cast<double>(s.numbers()));
            }};
}

}  // namespace bench::attention
