// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Recurrent layers on top of each other, dropout between them, a dense layer at every step.
#include "support/arrays.hpp"
#include "support/catch.hpp"

namespace xg = xgrad;
using namespace xg::literals;

namespace {
constexpr auto batch = xg::axis<"batch">;
constexpr auto steps = xg::axis<"steps">;
constexpr auto t = xg::labels<"t">(batch, steps, xg::classes(5_c));
constexpr auto s = xg::labels<"s">(batch, steps, xg::classes(2_c));
constexpr auto v = xg::input<"v">(batch, steps, 4_c);

constexpr auto letters = xg::embedding<"letter">(3_c);
constexpr auto drop = xg::dropout<"drop">(0.5_c);
constexpr auto first = xg::lstm<"first">(steps, 4_c);
constexpr auto second = xg::lstm<"second">(steps, 4_c);
constexpr auto score = xg::dense<"score">(2_c);
constexpr auto model = xg::sequential(letters, first, drop, second, score);
constexpr auto lower = xg::sequential(letters, first);
constexpr auto lower_with_dropout = xg::sequential(letters, first, drop);

using array = support::array<double, 3>;
auto trainer_of(std::uint64_t seed) { return xg::trainer{xg::mean(xg::cross_entropy(model(t), s)), xg::sgd{.learning_rate = 0.5, .momentum = 0.9}, xg::precision<double>, xg::seed{seed}}; }
}  // namespace

TEST_CASE("stacked lstm with dropout between: its parts, in training and in inference", "[nn]") {
    constexpr std::size_t b = 50, n = 7;
    auto trainer = trainer_of(1), again = trainer_of(1);
    const auto T = support::random_labels({b, n}, 1, 5);
    auto S = support::shaped<std::int32_t>({b, n});
    for (std::size_t i = 0; i < b; ++i)
        for (std::size_t k = 0; k < n; ++k) S(i, k) = T(i, k > 0 ? k - 1 : 0) < 2;  // the letter before
    double before = 0, after = 0;
    for (int k = 0; k < 200; ++k) {
        const double now = trainer.step(t = T, s = S);
        if (k < 5) CHECK(now == again.step(t = T, s = S));  // a seed is all there is to masks
        (k < 10 ? before : after) += k < 10 || k >= 190 ? now / 10 : 0;
    }
    CHECK(before > 0.5);
    CHECK(after < 0.3);

    auto program = trainer.compile(model(t), xg::training(model(t)), lower(t), xg::training(lower_with_dropout(t)), score(second(v)), score(v));
    const auto run = [&](const array& values, double seed) { return program(t = T, v = values, xg::random_seed = seed); };
    const auto V = support::uniform<double>({b, n, 4}, 2);
    const auto [inferred, trained, plain, dropped, unused, scores] = run(V, 3);
    // Between the layers a number is dropped or doubled; steps draw each for itself.
    std::size_t zeros = 0, repeated = 0;
    double worst = 0;
    for (std::size_t i = 0; i < b; ++i)
        for (std::size_t k = 0; k < n; ++k)
            for (std::size_t j = 0; j < 4; ++j) {
                const bool is_zero = dropped(i, k, j) == 0;
                zeros += is_zero;
                repeated += k > 0 && is_zero == (dropped(i, k - 1, j) == 0);
                worst = std::max(worst, is_zero ? 0 : std::abs(dropped(i, k, j) - 2 * plain(i, k, j)));
            }
    CHECK(worst < 1e-15);
    CHECK(std::abs(static_cast<double>(zeros) - 700) < 75);     // of 1400: 4 standard deviations
    CHECK(std::abs(static_cast<double>(repeated) - 600) < 70);  // of 1200

    // What lies above gets the one or the other.
    const auto far = [](const array& x, const array& y) {
        double most = 0;
        for (std::size_t i = 0; i < x.size(); ++i) most = std::max(most, std::abs(x.data()[i] - y.data()[i]));
        return most;
    };
    const auto on_plain = run(plain, 3), on_dropped = run(dropped, 4);
    CHECK(far(std::get<4>(on_plain), inferred) < 1e-13);
    CHECK(far(std::get<4>(on_dropped), trained) < 1e-13);
    CHECK(far(std::get<1>(on_dropped), trained) > 1e-3);  // another seed

    // At every step the same weights.
    const auto weight = trainer.parameter("score.weight"_p);
    const auto bias = trainer.parameter("score.bias"_p);
    double off = 0;
    for (std::size_t i = 0; i < b; ++i)
        for (std::size_t k = 0; k < n; ++k)
            for (std::size_t c = 0; c < 2; ++c) {
                double z = bias(c);
                for (std::size_t j = 0; j < 4; ++j) z += V(i, k, j) * weight(j, c);
                off = std::max(off, std::abs(z - scores(i, k, c)));
            }
    CHECK(off < 1e-13);
}
