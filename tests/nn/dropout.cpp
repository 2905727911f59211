// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "ops/structural.hpp"

using namespace plain;

namespace {
constexpr auto x = xg::input<"x">(rows, 40_c);
constexpr auto share = xg::scalar<"share">;
}  // namespace

TEST_CASE("dropout: the share of zeros, the scale of the rest, the same mask in the gradient", "[nn]") {
    constexpr auto y = xg::training(xg::dropout<"d">(0.25_c)(x));
    constexpr auto by_number = xg::training(xg::dropout<"d">(share)(x));
    const auto X = support::uniform<float>({500, 40}, 1, 1, 2);
    const auto [value, slope, other] = xg::compile(y, xg::gradient(xg::sum(xg::square(y)), x), by_number)(x = X, share = 0.25, xg::random_seed = 5);
    std::size_t zeros = 0;
    for (std::size_t i = 0; i < X.size(); ++i) {
        const float v = value.data()[i];
        zeros += v == 0;
        if (v != 0) CHECK(v == Approx(X.data()[i] / 0.75).epsilon(1e-6));
        CHECK(slope.data()[i] == Approx(2 * v / 0.75).epsilon(1e-6));
        CHECK(other.data()[i] == Approx(v).epsilon(1e-6));
    }
    // 20000 draws: the standard deviation of the share is 0.0031.
    CHECK(static_cast<double>(zeros) / static_cast<double>(X.size()) == Approx(0.25).margin(0.015));

    // By what is no leaf, and with one part of the formula in each mode.
    constexpr auto inner = 2_c * x;
    constexpr auto both = xg::sum(xg::training(xg::dropout<"d">(0.25_c)(inner))) + 3_c * xg::sum(xg::dropout<"d">(0.25_c)(inner));
    const auto by_inner = xg::compile(xg::gradient(both, inner))(x = X, xg::random_seed = 5);
    for (std::size_t i = 0; i < X.size(); ++i) CHECK(by_inner.data()[i] == Approx(3 + (value.data()[i] == 0 ? 0 : 1 / 0.75)).epsilon(1e-6));

    static_assert(xg::same(xg::dropout<"d">(0.25_c)(x), x));
    static_assert(xg::same(xg::training(xg::dropout<"d">(0_c)(x)), x));
    static_assert(xg::same(xg::training(xg::dropout<"d">(1_c)(x)), 0_c * x));
}

TEST_CASE("dropout in training: another mask each step, the same for the same seed, none in inference", "[nn]") {
    constexpr auto w = xg::parameter<"w", xg::ones>(40_c);
    constexpr auto y = xg::dropout<"a">(0.5_c)(x * w);
    constexpr auto loss = xg::sum(y);
    const auto run = [&](std::uint64_t seed) {
        xg::trainer trainer{loss, xg::sgd{.learning_rate = 1.0}, xg::precision<double>, xg::seed{seed}};
        const array<double, 2> X = 1 + support::shaped<double>({3, 40});
        std::vector<std::vector<double>> moves;
        std::vector<double> before(40, 1);
        for (int step = 0; step < 3; ++step) {
            const double value = trainer.step(x = X);
            std::vector<double> move;
            double kept = 0;
            for (std::size_t k = 0; k < 40; ++k) {
                const double now = trainer.parameter("w"_p)(k);
                move.push_back(before[k] - now);
                kept += move.back() * before[k];
                before[k] = now;
            }
            CHECK(value == Approx(kept));  // what was dropped from the loss was dropped from its gradient
            moves.push_back(move);
        }
        const auto plain_y = trainer.compile(y)(x = X);
        for (std::size_t k = 0; k < 40; ++k) CHECK(plain_y(0, k) == before[k]);
        return moves;
    };
    const auto first = run(1), again = run(1), other = run(2);
    CHECK(first == again);
    CHECK(first != other);
    CHECK(first[0] != first[1]);
    CHECK(first[1] != first[2]);
    for (double move : first[0]) CHECK((move == 0 || move == 2 || move == 4 || move == 6));
}

TEST_CASE("dropout between products: the model trains, and rrelu stays between its slopes", "[nn]") {
    constexpr auto model = xg::sequential<"net">(xg::dense<"in">(64_c), xg::relu, xg::dropout<"drop">(0.3_c), xg::dense<"out">(1_c));
    constexpr auto target = xg::input<"target">(rows, 1_c);
    constexpr auto loss = xg::mean(xg::mean_squared_error(model(x), target));
    xg::trainer trainer{loss, xg::adam{.learning_rate = 1e-2}, xg::seed{1}};
    const auto X = support::uniform<float>({200, 40}, 1);
    auto Y = support::shaped<float>({200, 1});
    for (std::size_t r = 0; r < 200; ++r) Y(r, 0) = X(r, 0) - 2 * X(r, 1);
    auto error = trainer.compile(loss);
    const float before = error(x = X, target = Y);
    for (int i = 0; i < 100; ++i) trainer.step(x = X, target = Y);
    CHECK(error(x = X, target = Y) < 0.1 * before);

    constexpr auto leaky = xg::rrelu<"r">(0.1_c, 0.3_c);
    const auto [drawn, middle] = xg::compile<double>(xg::training(leaky(x)), leaky(x))(x = X, xg::random_seed = 3);
    double sum = 0, count = 0;
    for (std::size_t i = 0; i < X.size(); ++i) {
        const double v = X.data()[i];
        CHECK(middle.data()[i] == Approx(v < 0 ? 0.2 * v : v));
        if (v >= 0) {
            CHECK(drawn.data()[i] == v);
        } else {
            const double slope = drawn.data()[i] / v;
            CHECK((slope > 0.0999999 && slope < 0.3000001));
            sum += slope, ++count;
        }
    }
    CHECK(sum / count == Approx(0.2).margin(0.005));
}
