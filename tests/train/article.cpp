// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "support/arrays.hpp"
#include "support/catch.hpp"
#include "support/models.hpp"
#include "train/reference.hpp"

#include <cstdio>

namespace xg = xgrad;
using namespace xg::literals;
using namespace models::article;

/// The article's classifier, 32-64-1, relu, logistic loss, Adam 1e-3, batch 32, 1000 samples, against plain loops.
namespace {

constexpr std::size_t samples = 1000, size = 32;

/// Two classes that overlap, so that no parameter runs off to infinity.
template <class T>
std::pair<support::array<T, 2>, support::array<T, 2>> data() {
    auto X = support::uniform<T>({samples, 32}, 1, -1, 1);
    auto Y = support::shaped<T>({samples, 1});
    std::mt19937 random(2);
    for (std::size_t r = 0; r < samples; ++r) {
        const double score = static_cast<double>(X(r, 0)) + X(r, 1) * X(r, 2) - 0.5 * X(r, 3) + 0.3 * (static_cast<double>(random()) / 4294967296.0 - 0.5);
        Y(r, 0) = score > 0 ? T{1} : T{0};
    }
    return {X, Y};
}

struct distance {
    double parameters = 0, losses = 0, first_loss = 0, last_loss = 0;
};

/// Trains both, in the same order of rows, from the same parameters; the reference in R.
template <class T, class R>
distance train(int epochs) {
    const auto [X, Y] = data<T>();
    xg::trainer trainer{loss, xg::adam{.learning_rate = 1e-3}, xg::seed{0}, xg::precision<T>};
    const auto parameters = trainer.parameters();
    const auto w1 = parameters["hidden.weight"_p];
    const auto b1 = parameters["hidden.bias"_p];
    const auto w2 = parameters["score.weight"_p];
    const auto b2 = parameters["score.bias"_p];
    reference::classifier<R> plain(32, 64);
    std::copy(w1.begin(), w1.end(), plain.w1.begin());
    std::copy(b1.begin(), b1.end(), plain.b1.begin());
    std::copy(w2.begin(), w2.end(), plain.w2.begin());
    plain.b2 = b2(0);

    distance d;
    std::vector<R> xr, yr;
    auto rows = xg::batches(size, xg::seed{3}, X, Y);
    for (int epoch = 0; epoch < epochs; ++epoch)
        for (auto [xb, yb] : rows) {
            xr.assign(xb.begin(), xb.end());
            yr.assign(yb.begin(), yb.end());
            const double ours = trainer.step(x = xb, y = yb), theirs = plain.step(xr.data(), yr.data(), yr.size());
            d.losses = std::max(d.losses, std::abs(ours - theirs));
            if (d.first_loss == 0) d.first_loss = ours;
            d.last_loss = ours;
        }
    auto compare = [&](const auto& ours, const auto* theirs) {
        std::size_t i = 0;
        for (auto p : ours) d.parameters = std::max(d.parameters, std::abs(static_cast<double>(p) - static_cast<double>(theirs[i++])));
    };
    compare(w1, plain.w1.data());
    compare(b1, plain.b1.data());
    compare(w2, plain.w2.data());
    compare(b2, &plain.b2);
    return d;
}

}  // namespace

TEST_CASE("as double equal to plain loops to 1e-9 after 100 epochs", "[train]") {
    const distance d = train<double, double>(100);
    std::printf("double, 100 epochs: parameters differ by %.3g, losses by %.3g (loss %.4f to %.4f)\n", d.parameters, d.losses, d.first_loss, d.last_loss);
    CHECK(d.parameters <= 1e-9);
    CHECK(d.losses <= 1e-9);
    CHECK(d.last_loss < 0.5 * d.first_loss);
}

TEST_CASE("as float equal to plain loops to 1e-6 after 20 epochs", "[train]") {
    const distance against_float = train<float, float>(20), against_double = train<float, double>(20);
    std::printf("float, 20 epochs, against float loops: parameters differ by %.3g, losses by %.3g; against double loops: %.3g, %.3g\n", against_float.parameters,
                against_float.losses, against_double.parameters, against_double.losses);
    CHECK(std::min(against_float.parameters, against_double.parameters) <= 1e-6);
    CHECK(std::min(against_float.losses, against_double.losses) <= 1e-6);
}

TEST_CASE("batch 1 and the whole set as one batch, as double", "[train]") {
    const auto [X, Y] = data<double>();
    for (std::size_t batch_size : {std::size_t{1}, samples}) {
        xg::trainer trainer{loss, xg::adam{}, xg::seed{4}, xg::precision<double>};
        const auto w1 = trainer.parameters()["hidden.weight"_p];
        const auto w2 = trainer.parameters()["score.weight"_p];
        reference::classifier<double> plain(32, 64);
        std::copy(w1.begin(), w1.end(), plain.w1.begin());
        std::copy(w2.begin(), w2.end(), plain.w2.begin());
        int steps = 0;
        for (auto [xb, yb] : xg::batches(batch_size, xg::in_order, X, Y)) {
            CHECK(trainer.step(x = xb, y = yb) == Approx(plain.step(xb.data(), yb.data(), batch_size)).epsilon(1e-12));
            if (++steps == 50) break;
        }
        for (std::size_t i = 0; i < plain.w1.size(); ++i) CHECK(w1.data()[i] == Approx(plain.w1[i]).epsilon(1e-10).margin(1e-12));
    }
}

TEST_CASE("a trained model's probabilities follow its parameters", "[train]") {
    const auto [X, Y] = data<float>();
    xg::trainer trainer{loss, xg::adam{.learning_rate = 1e-2}, xg::seed{5}};
    auto probability = trainer.compile(p);
    auto share_right = [&] {
        const auto P = probability(x = X);
        std::size_t right = 0;
        for (std::size_t r = 0; r < samples; ++r) right += (P(r, 0) > 0.5f) == (Y(r, 0) > 0.5f);
        return static_cast<double>(right) / samples;
    };
    const double before = share_right();
    for (int epoch = 0; epoch < 10; ++epoch)
        for (auto [xb, yb] : xg::batches(size, xg::seed{6}, X, Y)) trainer.step(x = xb, y = yb);
    const double after = share_right();
    CHECK(after > before);
    CHECK(after > 0.9);
    CHECK(trainer.steps() == 320);
}
