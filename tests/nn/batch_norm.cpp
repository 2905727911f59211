// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "nn/normalised_rows.hpp"

using namespace plain;

namespace {
constexpr auto x = xg::input<"x">(rows, 3_c, 5_c);
constexpr auto c = xg::input<"c">(rows, 3_c, 5_c);
constexpr auto mean_of = xg::statistic<"b.running_mean">(3_c);
constexpr auto variance_of = xg::statistic<"b.running_var", xg::ones>(3_c);
constexpr auto w = xg::parameter<"b.weight", xg::ones>(3_c);
constexpr auto b = xg::parameter<"b.bias">(3_c);
constexpr auto layer = xg::batch_norm<"b">;

std::vector<std::size_t> channel(std::size_t k, std::size_t n) {
    std::vector<std::size_t> made;
    for (std::size_t r = 0; r < n; ++r)
        for (std::size_t i = 0; i < 5; ++i) made.push_back(15 * r + 5 * k + i);
    return made;
}
std::vector<real> at(const std::vector<std::size_t>& places, const auto& array) {
    std::vector<real> made;
    for (std::size_t p : places) made.push_back(array.data()[p]);
    return made;
}
}  // namespace

TEMPLATE_TEST_CASE("batch_norm in training: value and gradient at a mean of 100, many rows and one", "[nn]", float, double) {
    using T = TestType;
    constexpr auto y = xg::training(xg::batch_norm<"b", xg::batch_norm_options{.scale = false, .bias = false}>(x));
    auto program = xg::compile<T>(y, xg::gradient(xg::sum(c * y), x)).prepare();
    for (std::size_t n : {1u, 2u, 300u, 20000u}) {
        const auto X = support::uniform<T>({n, 3, 5}, 1, 99.99, 100.01), C = support::uniform<T>({n, 3, 5}, 2);
        const auto [got, dx] = program(x = X, c = C);
        group_errors errors;
        for (std::size_t k = 0; k < 3; ++k) errors.take(channel(k, n), X.data(), C.data(), got.data(), dx.data(), 1e-5L);
        INFO(n << " rows: " << errors.y << " " << errors.dx);
        CHECK(errors.y <= 8);
        CHECK(errors.dx <= 32);
    }
}

// Values whose sums are not exact in float, a hundred thousand a channel: one after the other they would be wrong by 50 to 100 epsilon.
TEST_CASE("batch_norm in training: a hundred thousand rows", "[nn]") {
    constexpr auto wide = xg::input<"wide">(rows, 8_c);
    constexpr std::size_t n = 100000;
    const auto program = xg::compile(xg::training(xg::batch_norm<"w", xg::batch_norm_options{.scale = false, .bias = false}>(wide)));
    for (const double middle : {0.7, 100.0, 10000.0}) {
        const auto X = support::uniform<float>({n, 8}, 3, middle - 1, middle + 1);
        const auto got = program(wide = X);
        real worst = 0;
        for (std::size_t k = 0; k < 8; ++k) {
            std::vector<real> values;
            for (std::size_t r = 0; r < n; ++r) values.push_back(X(r, k));
            const auto exact = normalise(values, values, 1e-5L);
            for (std::size_t r = 0; r < n; ++r) worst = std::max(worst, std::abs(got(r, k) - exact.y[r]));
        }
        INFO(middle << ": " << worst / support::epsilon<float>);
        CHECK(worst <= 8 * support::epsilon<float>);
    }
}

TEST_CASE("batch_norm: a step moves the running statistics, inference uses them", "[nn]") {
    const auto check = [](auto normalise_by, double keep, bool unbiased, double epsilon) {
        constexpr auto target = xg::input<"target">(rows, 3_c, 5_c);
        constexpr auto y = decltype(normalise_by){}(x);
        xg::trainer trainer{xg::mean(xg::square(y - target)), xg::sgd{.learning_rate = 0.1}, xg::precision<double>};
        auto evaluate = trainer.compile(y);
        auto as_trained = trainer.compile(xg::training(y));
        std::vector<real> mean(3, 0), variance(3, 1);
        for (unsigned step = 0; step < 3; ++step) {
            const std::size_t n = 4 + step;
            const auto X = support::uniform<double>({n, 3, 5}, step, 3, 7), Y = support::uniform<double>({n, 3, 5}, 10 + step);
            trainer.step(x = X, target = Y);
            for (std::size_t k = 0; k < 3; ++k) {
                const auto values = at(channel(k, n), X);
                const auto exact = normalise(values, values, 0);
                const real count = static_cast<real>(values.size());
                mean[k] = keep * mean[k] + (1 - keep) * exact.mean;
                variance[k] = keep * variance[k] + (1 - keep) * exact.variance * (unbiased ? count / (count - 1) : 1);
            }
        }
        const array<double, 1> W = trainer.parameter("b.weight"_p), B = trainer.parameter("b.bias"_p);
        CHECK(W(0) != 1);
        for (std::size_t k = 0; k < 3; ++k) {
            CHECK(trainer.parameter("b.running_mean"_p)(k) == Approx(static_cast<double>(mean[k])).epsilon(1e-13));
            CHECK(trainer.parameter("b.running_var"_p)(k) == Approx(static_cast<double>(variance[k])).epsilon(1e-13));
        }
        const auto X = support::uniform<double>({2, 3, 5}, 7, 3, 7);
        const auto got = evaluate(x = X), in_training = as_trained(x = X);
        for (std::size_t k = 0; k < 3; ++k) {
            const auto places = channel(k, 2);
            const auto values = at(places, X);
            const auto exact = normalise(values, values, epsilon);
            for (std::size_t i = 0; i < places.size(); ++i) {
                const real by_running = (values[i] - mean[k]) / std::sqrt(variance[k] + epsilon) * W(k) + B(k);
                CHECK(got.data()[places[i]] == Approx(static_cast<double>(by_running)).epsilon(1e-12));
                CHECK(in_training.data()[places[i]] == Approx(static_cast<double>(exact.y[i] * W(k) + B(k))).epsilon(1e-12));
            }
        }
    };
    check(layer, 0.9, true, 1e-5);
    check(xg::batch_norm<"b", xg::batch_norm_options{.epsilon = 1e-3, .momentum = 0.25, .unbiased = false}>, 0.75, false, 1e-3);
}

TEST_CASE("batch_norm: channels last, shared layers, frozen statistics, compile is inference", "[nn]") {
    constexpr auto flat = xg::input<"flat">(rows, 4_c);
    constexpr auto last = xg::batch_norm<"last", xg::keras_batch_norm>;
    static_assert(xg::shape_of(last(xg::input<"deep">(rows, 2_c, 7_c))).rank == 3);
    const auto X = support::uniform<double>({5, 4}, 1, 1, 2);
    // Twice in one step, the last operand of a sum first: one place continues where the other left the statistic.
    constexpr auto twice = xg::batch_norm<"s", xg::batch_norm_options{.momentum = 0.5, .unbiased = false}>;
    constexpr auto loss = xg::mean(xg::square(twice(flat) - 1_c)) + xg::mean(twice(3_c * flat));
    static_assert(!xg::is_bad<decltype(layer(x) + layer(2_c * x))>);  // one weight beside two inputs
    xg::trainer trainer{loss, xg::sgd{}, xg::precision<double>};
    xg::trainer frozen{loss, xg::sgd{}, xg::precision<double>, xg::freeze<"s.running_mean", "s.running_var">};
    trainer.step(flat = X);
    frozen.step(flat = X);
    for (std::size_t k = 0; k < 4; ++k) {
        real mean = 0;
        for (std::size_t r = 0; r < 5; ++r) mean += static_cast<real>(X(r, k)) / 5;
        CHECK(trainer.parameter("s.running_mean"_p)(k) == Approx(static_cast<double>(0.25L * 3 * mean + 0.5L * mean)).epsilon(1e-13));
        CHECK(frozen.parameter("s.running_mean"_p)(k) == 0);
    }
    const auto ones = xt::xtensor<double, 1>(xt::ones<double>({3}));
    const auto zeros = xt::xtensor<double, 1>(xt::zeros<double>({3}));
    const auto Y = support::uniform<double>({2, 3, 5}, 2);
    const auto plain_y = xg::compile<double>(layer(x))(x = Y, w = ones, b = zeros, mean_of = zeros, variance_of = ones);
    for (std::size_t i = 0; i < Y.size(); ++i) CHECK(plain_y.data()[i] == Approx(Y.data()[i] / std::sqrt(1 + 1e-5)).epsilon(1e-14));
}
