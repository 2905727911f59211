// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Small models of the textbooks, whose parameters meet in other ways than in a chain of layers: each compiles in a trainer, and learns the same
// whether its kernels are fused or not.
#include "train/alike.hpp"

#include <support/arrays.hpp>

namespace {
namespace xg = xgrad;
using namespace xg::literals;
using alike::check_against_unfused;

constexpr auto batch = xg::axis<"batch">;
constexpr xg::sgd plain{.learning_rate = 0.02};
constexpr xg::adam adam{.learning_rate = 0.01};

const auto X = support::uniform<float>({6, 5}, 1, -1, 1);
constexpr auto x = xg::input<"x">(batch, 5_c);
}  // namespace

TEST_CASE("textbook: a matrix of ratings, two factors with biases and a mean", "[train]") {
    constexpr auto r = xg::input<"r">(6_c, 5_c);
    constexpr auto u = xg::parameter<"u", xg::glorot_uniform>(6_c, 2_c);
    constexpr auto v = xg::parameter<"v", xg::glorot_uniform>(5_c, 2_c);
    constexpr auto by_user = xg::parameter<"by_user">(6_c, 1_c);
    constexpr auto by_item = xg::parameter<"by_item">(5_c);
    constexpr auto mean = xg::parameter<"mean">(1_c);
    constexpr auto rating = matmul(u, xg::transpose(v)) + by_user + by_item + mean;
    constexpr auto loss = xg::mean(square(r - rating)) + 0.01_c * (sum(square(u)) + sum(square(v)));
    check_against_unfused(loss, plain, [&](auto step) { return step(r = X); }, "u"_p, "v"_p, "by_user"_p, "by_item"_p, "mean"_p);
    check_against_unfused(loss, adam, [&](auto step) { return step(r = X); }, "u"_p, "v"_p, "by_user"_p, "by_item"_p, "mean"_p);
}

TEST_CASE("textbook: abilities of persons and difficulties of items", "[train]") {
    constexpr auto r = xg::input<"r">(6_c, 5_c);
    constexpr auto ability = xg::parameter<"ability", xg::standard_normal>(6_c, 1_c);
    constexpr auto difficulty = xg::parameter<"difficulty">(5_c);
    constexpr auto slope = xg::parameter<"slope", xg::ones>(5_c);
    constexpr auto z = slope * (ability - difficulty);
    check_against_unfused(xg::mean(xg::softplus(z) - r * z), plain, [&](auto step) { return step(r = X); }, "ability"_p, "difficulty"_p, "slope"_p);
}

TEST_CASE("textbook: an autoencoder whose decoder is its encoder's transpose", "[train]") {
    constexpr auto w = xg::parameter<"w", xg::glorot_uniform>(5_c, 3_c);
    constexpr auto b = xg::parameter<"b">(3_c);
    constexpr auto c = xg::parameter<"c">(5_c);
    constexpr auto y = matmul(tanh(matmul(x, w) + b), xg::transpose(w)) + c;
    check_against_unfused(xg::mean(square(y - x)), adam, [&](auto step) { return step(x = X); }, "w"_p, "b"_p, "c"_p);
}

TEST_CASE("textbook: a factorisation machine", "[train]") {
    constexpr auto t = xg::input<"t">(batch, 1_c);
    constexpr auto w = xg::parameter<"w">(5_c, 1_c);
    constexpr auto v = xg::parameter<"v", xg::glorot_uniform>(5_c, 4_c);
    constexpr auto pairs = 0.5_c * sum(square(matmul(x, v)) - matmul(square(x), square(v)), xg::axes<1>, xg::keep_axes);
    const auto T = support::uniform<float>({6, 1}, 2, -1, 1);
    check_against_unfused(xg::mean(square(matmul(x, w) + xg::parameter<"b">(1_c) + pairs - t)), plain, [&](auto step) { return step(x = X, t = T); }, "w"_p, "v"_p, "b"_p);
}

TEST_CASE("textbook: a mixture of Gaussians", "[train]") {
    constexpr auto mean = xg::parameter<"mean", xg::standard_normal>(3_c, 5_c);
    constexpr auto log_scale = xg::parameter<"log_scale">(3_c, 5_c);
    constexpr auto weight = xg::parameter<"weight">(3_c);
    constexpr auto each = (xg::reshape(x, batch, 1_c, 5_c) - mean) * exp(-log_scale);
    constexpr auto of_component = -0.5_c * sum(square(each), xg::axes<2>) - sum(log_scale, xg::axes<1>);
    constexpr auto loss = -xg::mean(xg::logsumexp(of_component + xg::log_softmax(weight), xg::axes<1>));
    check_against_unfused(loss, adam, [&](auto step) { return step(x = X); }, "mean"_p, "log_scale"_p, "weight"_p);
}

TEST_CASE("textbook: a table of words that also scores the next word", "[train]") {
    constexpr auto word = xg::labels<"word">(batch, xg::classes(7_c));
    constexpr auto next = xg::labels<"next">(batch, xg::classes(7_c));
    constexpr auto table = xg::parameter<"table", xg::standard_normal>(7_c, 4_c);
    constexpr auto w = xg::parameter<"w", xg::glorot_uniform>(4_c, 4_c);
    constexpr auto logits = matmul(tanh(matmul(xg::embedding_lookup(table, word), w)), xg::transpose(table));
    const auto A = support::random_labels({6}, 3, 7), B = support::random_labels({6}, 4, 7);
    check_against_unfused(xg::mean(xg::cross_entropy(logits, next)), adam, [&](auto step) { return step(word = A, next = B); }, "table"_p, "w"_p);
}

TEST_CASE("textbook: words and their neighbours, two tables", "[train]") {
    constexpr auto word = xg::labels<"word">(batch, xg::classes(7_c));
    constexpr auto near = xg::labels<"near">(batch, xg::classes(7_c));
    constexpr auto far = xg::labels<"far">(batch, xg::classes(7_c));
    constexpr auto in = xg::parameter<"in", xg::standard_normal>(7_c, 4_c);
    constexpr auto out = xg::parameter<"out", xg::standard_normal>(7_c, 4_c);
    constexpr auto score = [=](auto a, auto b) { return sum(xg::embedding_lookup(in, a) * xg::embedding_lookup(out, b), xg::axes<1>); };
    constexpr auto loss = xg::mean(xg::softplus(-score(word, near)) + xg::softplus(score(word, far)));
    const auto A = support::random_labels({6}, 3, 7), B = support::random_labels({6}, 4, 7), C = support::random_labels({6}, 5, 7);
    check_against_unfused(loss, plain, [&](auto step) { return step(word = A, near = B, far = C); }, "in"_p, "out"_p);
}

TEST_CASE("textbook: strengths of players from who beat whom", "[train]") {
    constexpr auto winner = xg::labels<"winner">(batch, xg::classes(7_c));
    constexpr auto loser = xg::labels<"loser">(batch, xg::classes(7_c));
    constexpr auto strength = xg::parameter<"strength", xg::standard_normal>(7_c, 1_c);
    constexpr auto lead = xg::embedding_lookup(strength, winner) - xg::embedding_lookup(strength, loser);
    const auto A = support::random_labels({6}, 3, 7), B = support::random_labels({6}, 4, 7);
    check_against_unfused(xg::mean(xg::softplus(-lead)) + 0.1_c * sum(square(strength)), plain, [&](auto step) { return step(winner = A, loser = B); }, "strength"_p);
}

TEST_CASE("textbook: a graph's layers, and a query that attends", "[train]") {
    constexpr auto nodes = xg::input<"nodes">(6_c, 5_c);
    constexpr auto edges = xg::input<"edges">(6_c, 6_c);
    constexpr auto w1 = xg::parameter<"w1", xg::glorot_uniform>(5_c, 4_c);
    constexpr auto w2 = xg::parameter<"w2", xg::glorot_uniform>(4_c, 3_c);
    constexpr auto query = xg::parameter<"query", xg::standard_normal>(3_c, 1_c);
    constexpr auto h = matmul(edges, matmul(xg::relu(matmul(edges, matmul(nodes, w1))), w2));
    constexpr auto pooled = sum(xg::softmax(matmul(h, query), xg::axes<0>) * h, xg::axes<0>);
    const auto E = support::uniform<float>({6, 6}, 2, 0, 1);
    check_against_unfused(sum(square(pooled - 1_c)), adam, [&](auto step) { return step(nodes = X, edges = E); }, "w1"_p, "w2"_p, "query"_p);
}

TEST_CASE("textbook: counts, and risks in the order of events", "[train]") {
    constexpr auto t = xg::input<"t">(batch, 1_c);
    constexpr auto w = xg::parameter<"w", xg::glorot_uniform>(5_c, 1_c);
    constexpr auto z = matmul(x, w);
    const auto T = support::uniform<float>({6, 1}, 2, 0, 3);
    check_against_unfused(xg::mean(exp(z) - t * z), plain, [&](auto step) { return step(x = X, t = T); }, "w"_p);
    check_against_unfused(-sum(t * (z - log(xg::cumsum(exp(z), xg::axes<0>)))), plain, [&](auto step) { return step(x = X, t = T); }, "w"_p);
}

TEST_CASE("textbook: one layer applied again and again, and two inputs through the same layers", "[train]") {
    constexpr auto z = xg::input<"z">(batch, 5_c);
    constexpr auto step_of = [](auto a) { return a + tanh(xg::dense<"layer">(5_c)(a)); };
    constexpr auto twice = [](auto a) { return decltype(step_of){}(decltype(step_of){}(a)); };
    const auto Z = support::uniform<float>({6, 5}, 2, -1, 1);
    check_against_unfused(xg::mean(square(twice(twice(x)))), plain, [&](auto step) { return step(x = X); }, "layer.weight"_p, "layer.bias"_p);
    check_against_unfused(xg::mean(xg::relu(1_c - xg::sqrt(sum(square(twice(x) - twice(z)), xg::axes<1>) + 1e-6_c))), adam, [&](auto step) { return step(x = X, z = Z); }, "layer.weight"_p, "layer.bias"_p);
}
