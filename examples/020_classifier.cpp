// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A first classifier: 1000 samples of 32 numbers, two classes, a layer of 64 in between. The loss is written as in the textbook;
// xgrad turns it, its gradient and the optimiser into one step that neither overflows nor allocates.
#include <xgrad/xgrad.hpp>

#include "common/options.hpp"

#include <cstdio>

namespace xg = xgrad;
using namespace xg::literals;

// The model: types without data. `batch` is a size known when arrays are bound, the others are known to the compiler.
constexpr auto batch = xg::axis<"batch">;
constexpr auto x = xg::input<"x">(batch, 32_c);
constexpr auto y = xg::input<"y">(batch, 1_c);

constexpr auto model = xg::sequential(xg::dense<"hidden">(64_c), xg::relu, xg::dense<"score">(1_c), xg::sigmoid);
constexpr auto p = model(x);

// The logistic loss, both terms. The sigmoid is applied once, here in the model, and the loss takes a probability.
constexpr auto loss = xg::mean(-y * log(p) - (1_c - y) * log(1_c - p));

namespace {

using matrix = xt::xtensor<float, 2>;
struct samples {
    matrix inputs, targets;
};

/// Random inputs with a target that can be learned: 1 where x0 + x1 - x2 + x3 / 2 is positive, the other 28 columns being noise.
/// (Random targets can only be memorised, and say nothing of a model.)
samples draw(std::size_t rows, xg::random_stream random) {
    samples made{matrix({rows, 32}), matrix({rows, 1})};
    std::uint64_t drawn = 0;
    for (float& value : made.inputs) value = static_cast<float>(random.normal(drawn++));
    for (std::size_t r = 0; r < rows; ++r) {
        const auto column = [&](std::size_t c) { return made.inputs(r, c); };
        made.targets(r, 0) = column(0) + column(1) - column(2) + column(3) / 2 > 0 ? 1.0f : 0.0f;
    }
    return made;
}

/// The share of rows on the right side of 1/2.
double accuracy(const matrix& probability, const matrix& targets) {
    std::size_t right = 0;
    for (std::size_t r = 0; r < targets.shape(0); ++r) right += (probability(r, 0) > 0.5f) == (targets(r, 0) > 0.5f);
    return static_cast<double>(right) / static_cast<double>(targets.shape(0));
}

}  // namespace

int main(int count, char** arguments) {
    std::size_t epochs = 100;
    read_options(count, arguments, {{"--epochs", epochs}});
    const samples training = draw(1000, {.stream = 1}), unseen = draw(1000, {.stream = 2});

    xg::trainer trainer{loss, xg::adam{.learning_rate = 1e-3}, xg::seed{0}};
    auto batches = xg::batches(32, training.inputs, training.targets);  // outside the loop: each pass over it has an order of its own
    for (std::size_t epoch = 1; epoch <= epochs; ++epoch) {
        double sum = 0;
        for (auto [inputs, targets] : batches) sum += trainer.step(x = inputs, y = targets);
        if (epoch % 10 == 0 || epoch == epochs) std::printf("epoch %3zu  loss %.4f\n", epoch, sum / static_cast<double>(batches.count()));
    }

    auto predict = trainer.compile(p);  // shares the trained parameters
    const double known = accuracy(predict(x = training.inputs), training.targets);
    const double learned = accuracy(predict(x = unseen.inputs), unseen.targets);
    std::printf("accuracy %.3f on the training samples, %.3f on 1000 others\n", known, learned);

    const bool full_job = epochs >= 100;
    return full_job && learned < 0.9 ? 1 : 0;
}
