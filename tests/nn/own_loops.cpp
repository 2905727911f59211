// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Layers on ops with a loop of their own: embedding, flatten, concat, residual, glu.
#include "ops/structural.hpp"

using namespace plain;

namespace {
constexpr auto t = xg::labels<"t">(rows, 3_c, xg::classes(6_c), xg::ignore_index<-1>);
constexpr auto x = xg::input<"x">(rows, 4_c);
constexpr auto y = xg::input<"y">(rows, 2_c);
}  // namespace

TEST_CASE("a model over words: embedding, flatten, concat, residual, dense", "[nn]") {
    constexpr auto words = xg::sequential(xg::embedding<"word">(4_c, xg::padding_index(2_c)), xg::flatten)(t);
    static_assert(xg::shape_of(words)[1].size == 12);
    constexpr auto p = xg::sequential(xg::dense<"hidden">(8_c), xg::residual<"block">(xg::relu, xg::dense<"inner">(8_c)), xg::tanh, xg::dense<"out">(2_c))(xg::concat(words, x));
    constexpr auto loss = xg::mean(xg::mean_squared_error(p, y));
    xg::trainer trainer{loss, xg::sgd{.learning_rate = 0.05}, xg::precision<double>, xg::seed{3}};
    auto L = support::random_labels({9, 3}, 1, 5);  // no label 5: its row must stay as it is
    L(0, 0) = L(4, 2) = -1;
    const auto X = support::uniform<double>({9, 4}, 2), Y = support::uniform<double>({9, 2}, 3);
    const array<double, 2> table = trainer.parameter("word.weight"_p);
    const double before = trainer.step(t = L, x = X, y = Y);
    double after = before;
    for (int i = 0; i < 200; ++i) after = trainer.step(t = L, x = X, y = Y);
    CHECK(after < 0.2 * before);
    const auto changed = trainer.parameter("word.weight"_p);
    for (std::size_t k = 0; k < 4; ++k) {
        CHECK(changed(5, k) == table(5, k));
        CHECK(changed(0, k) != table(0, k));
        CHECK(table(0, k) != 0);
        CHECK(table(2, k) == 0);  // the padding, which has labels
        CHECK(changed(2, k) == 0);
    }
}

TEST_CASE("an embedding starts with variance 1", "[nn]") {
    constexpr auto u = xg::labels<"u">(rows, xg::classes(400_c));
    xg::trainer trainer{xg::mean(xg::square(xg::embedding<"e">(50_c)(u))), xg::sgd{}, xg::seed{1}};
    double sum = 0, squares = 0;
    const auto table = trainer.parameter("e.weight"_p);
    for (float v : table) {
        sum += static_cast<double>(v);
        squares += static_cast<double>(v) * static_cast<double>(v);
    }
    CHECK(std::abs(sum / 20000) < 0.03);
    CHECK(std::abs(squares / 20000 - 1) < 0.04);
}

TEST_CASE("glu: value and gradient", "[nn]") {
    constexpr auto w = xg::input<"w">(rows, 2_c);
    constexpr auto g = xg::glu(x);
    const auto X = support::uniform<double>({7, 4}, 4, -4, 4), W = support::uniform<double>({7, 2}, 5);
    const auto [value, slope] = xg::compile<double>(g, xg::gradient(xg::sum(w * g), x))(x = X, w = W);
    std::vector<real> exact, ds;
    for (std::size_t i = 0; i < 7; ++i) {
        auto sigmoid = [&](std::size_t k) { return 1 / (1 + std::exp(-static_cast<real>(X(i, k)))); };
        for (std::size_t k = 0; k < 2; ++k) exact.push_back(X(i, k) * sigmoid(k + 2));
        for (std::size_t k = 0; k < 2; ++k) ds.push_back(W(i, k) * sigmoid(k + 2));
        for (std::size_t k = 0; k < 2; ++k) ds.push_back(W(i, k) * static_cast<real>(X(i, k)) * sigmoid(k + 2) * (1 - sigmoid(k + 2)));
    }
    CHECK(support::largest_error(value, exact) <= 1e-14);
    CHECK(support::largest_error(slope, ds) <= 1e-14);
}

TEST_CASE("residual adds what its layers make, names nest", "[nn]") {
    constexpr auto block = xg::residual<"block">(xg::dense<"inner">(4_c), xg::tanh);
    constexpr auto w = xg::parameter<"block.inner.weight", xg::glorot_uniform>(4_c, 4_c);
    constexpr auto b = xg::parameter<"block.inner.bias">(4_c);
    const auto X = support::uniform<double>({5, 4}, 6), W = support::uniform<double>({4, 4}, 7);
    const auto B = support::uniform<double>({4}, 8);
    const auto value = xg::compile<double>(block(x))(x = X, w = W, b = B);
    std::vector<real> exact;
    for (std::size_t i = 0; i < 5; ++i)
        for (std::size_t c = 0; c < 4; ++c) {
            real z = B(c);
            for (std::size_t k = 0; k < 4; ++k) z += static_cast<real>(X(i, k)) * W(k, c);
            exact.push_back(X(i, c) + std::tanh(z));
        }
    CHECK(support::largest_error(value, exact, 1) <= 1e-15);
}
