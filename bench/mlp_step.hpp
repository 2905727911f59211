// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "bench.hpp"

#include <array>

/// One Adam step of relu(x W1 + b1) W2 + b2: with one output the logistic loss, with more of them softmax cross-entropy.
namespace bench::mlp_step {

struct widths {
    std::size_t inputs, hidden, outputs;
    constexpr bool logistic() const { return outputs == 1; }
    std::string text() const { return std::to_string(inputs) + "-" + std::to_string(hidden) + "-" + std::to_string(outputs); }
};
struct job {
    widths model;
    std::size_t batch;
    /// Two products forward, three backward; Adam at a dozen operations a parameter.
    double flops() const { return static_cast<double>(batch * model.hidden * (4 * model.inputs + 6 * model.outputs) + 12 * parameters()); }
    /// The data, and parameters with both moments read and written.
    double bytes() const { return static_cast<double>(4 * batch * (model.inputs + 1) + 24 * parameters()); }
    std::size_t parameters() const { return (model.inputs + 1) * model.hidden + (model.hidden + 1) * model.outputs; }
};
inline constexpr widths small{32, 64, 1}, digits{784, 256, 10}, wide_digits{784, 512, 10}, wide{1024, 1024, 1000};
inline constexpr std::array<job, 6> jobs{{{small, 1}, {small, 32}, {small, 1000}, {digits, 128}, {wide_digits, 1024}, {wide, 256}}};

/// The data and the parameters at the start, the same in every variant.
struct start {
    std::vector<float> x, y;  ///< y: for the logistic loss
    std::vector<std::int64_t> labels;
    std::vector<float> hidden_weight, score_weight;  ///< [in, out], by rows; biases are zero

    explicit start(job j)
        : x(uniform(j.batch * j.model.inputs, 6, -1, 1)), labels(bench::labels(j.batch, 7, j.model.logistic() ? 2 : j.model.outputs)),
          hidden_weight(uniform(j.model.inputs * j.model.hidden, 8, -0.1f, 0.1f)), score_weight(uniform(j.model.hidden * j.model.outputs, 9, -0.1f, 0.1f)) {
        for (std::int64_t label : labels) y.push_back(static_cast<float>(label));
    }
};

/// Registers one variant of one job. `Trainer{job, start, rate}` prepares; `step()` is a whole training step, its result the loss.
template <class Trainer>
added variant(const std::string& name, job j) {
    return {"mlp_step/" + name + "/" + j.model.text() + "/" + std::to_string(j.batch), [j](benchmark::State& state) {
                const start given(j);
                Trainer checked{j, given, 1e-3};  // four steps with a rate that counts: gradients and updates must agree
                double sum = 0;
                for (int i = 0; i < 4; ++i) sum += checked.step();
                // A rate that moves nothing: every step does the same work, and none meets denormal numbers late in a training.
                Trainer timed{j, given, 1e-9};
                timed.step();
                for (auto _ : state) {
                    benchmark::DoNotOptimize(timed.step());
                    benchmark::ClobberMemory();
                }
                agree_on(state, sum);
                state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(j.batch));
                least_work(state, j.flops(), j.bytes());
            }};
}

}  // namespace bench::mlp_step
