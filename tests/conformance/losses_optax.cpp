// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "conformance/published.hpp"

using namespace published;

/// optax/losses/_regression_test.py, _classification_test.py, _ranking_test.py. Two of its losses are others than ours: triplet_margin_loss has
/// its epsilon under the root and no p-norm of rows, ntxent counts several positives a row.
namespace {
constexpr auto p = xg::input<"p">(columns);
constexpr auto y = xg::input<"y">(columns);
constexpr auto a = xg::input<"a">(rows, columns);
constexpr auto b = xg::input<"b">(rows, columns);
const double infinity = std::numeric_limits<double>::infinity();
}  // namespace

TEST_CASE("Optax: regression", "[conformance]") {
    auto program = xg::compile<double>(xg::l2(p, y), xg::huber(p, y), xg::log_cosh(p, y), xg::square(p - y));
    const auto [half, huber, cosh, square] = program(p = vector{-2, -1, 0.5, 1}, y = vector{-1.5, 0, -1, 1});
    near(square, {0.25, 1, 2.25, 0}, 1e-9);
    near(half, {0.125, 0.5, 1.125, 0}, 1e-9);
    near(std::get<1>(program(p = vector{-2, 0.5, 0, 0.5, 2, 4, 132}, y = vector{0, -0.5, 0, 1, 1, 2, 0.3})), {1.5, 0.5, 0, 0.125, 0.5, 1.5, 131.2}, 1e-9);
    near(std::get<2>(program(p = vector{500, -2, -1, 0.5, 1}, y = vector{-200, -1.5, 0, -1, 1})), {699.3068, 0.12011445, 0.4337809, 0.85544014, 0}, 1e-5);
    near(std::get<2>(program(p = vector{500, -2, -1, 0.5, 1}, y = vector{0, 0, 0, 0, 0})), {499.30685, 1.3250027, 0.4337809, 0.12011451, 0.43378082}, 1e-5);

    auto cosine = xg::compile<double>(xg::cosine_distance(a, b), xg::cosine_similarity(a, b));
    const auto [distance, similarity] = cosine(a = matrix{{10, 1, -2}, {1, 4, 0.2}}, b = matrix{{0, 1.2, 0.2}, {1, -0.3, 0}});
    near(distance, {0.9358251989, 1.0464068465}, 1e-6);
    near(similarity, {1 - 0.9358251989, 1 - 1.0464068465}, 1e-6);
}

TEST_CASE("Optax: softmax cross-entropy, also where logits are minus infinity", "[conformance]") {
    constexpr auto z = xg::input<"z">(rows, 3_c);
    constexpr auto q = xg::input<"q">(rows, 3_c);
    constexpr auto t = xg::labels<"t">(rows, xg::classes(3_c));
    auto program = xg::compile<double>(xg::cross_entropy(z, q), xg::cross_entropy(z, t));
    const matrix logits{{10, 1, -2}, {1, 4, 0.2}, {-infinity, 0, 0}, {-infinity, 0, 0}, {-infinity, 0, -infinity}};
    const matrix wanted{{0, 1, 0}, {1, 0, 0}, {0, 0.5, 0.5}, {0.4, 0.3, 0.3}, {0, 1, 0}};
    const auto [distribution, label] = program(z = logits, q = wanted, t = indices{1, 0, 1, 0, 1});
    near(distribution, {9.00013, 3.0696733, 0.693147, infinity, 0}, 1e-5);
    near(label, {9.00013, 3.0696733, 0.693147, infinity, 0}, 1e-5);
}

TEST_CASE("Optax: sigmoid cross-entropy far out", "[conformance]") {
    auto program = xg::compile<double>(xg::binary_cross_entropy_with_logits(p, y, mean));
    struct {
        double first, second, label, wanted;
    } cases[] = {{-1e9, -1e-9, 1, 5e8}, {-1e9, -1e-9, 0, 0.3465736}, {1e9, 1e-9, 1, 0.3465736}, {1e9, 1e-9, 0, 5e8},   {-1e9, 1e-9, 1, 5e8},
                 {-1e9, 1e-9, 0, 0.3465736}, {1e9, -1e-9, 1, 0.3465736}, {1e9, -1e-9, 0, 5e8}, {0, 0, 1, 0.6931472}, {0, 0, 0, 0.6931472}};
    for (const auto& c : cases) near(program(p = vector{c.first, c.second}, y = vector{c.label, 1 - c.label}), c.wanted, 1e-6);
}

TEST_CASE("Optax: poly loss", "[conformance]") {
    constexpr auto epsilon = xg::scalar<"epsilon">;
    auto program = xg::compile<double>(xg::poly_cross_entropy(a, b, epsilon));
    struct {
        double epsilon, one, first, second;
    } cases[] = {{2, 4.5317, 0.4823, 1.2567},    {1, 3.7153, 0.3261, 1.0407},     {0, 2.8990, 0.1698, 0.8247},    {-0.5, 2.4908, 0.0917, 0.7168},
                 {1.15, 3.8378, 0.3495, 1.0731}, {1.214, 3.8900, 0.3595, 1.0870}, {5.45, 7.3480, 1.0211, 2.0018}};
    for (const auto& c : cases) {
        near(program(a = matrix{{0.14, 1.456, 2.356, -0.124, -2.47}}, b = matrix{{0.1, 0.15, 0.2, 0.25, 0.3}}, epsilon = c.epsilon), {c.one});
        near(program(a = matrix{{4, 2, 1}, {0, 5, 1}}, b = matrix{{1, 0, 0}, {0, 0.8, 0.2}}, epsilon = c.epsilon), {c.first, c.second});
    }
    near(program(a = matrix{{0.14, 1.456, 2.356, -0.124, -2.47}}, b = matrix{{0.1, 0.15, 0.2, 0.25, 0.3}}, epsilon = -1.0), {2.0827});
}

TEST_CASE("Optax: hinges and perceptrons", "[conformance]") {
    auto sides = xg::compile<double>(xg::hinge(p, y), xg::perceptron(p, y));
    const auto [hinge, perceptron] = sides(p = vector{10, 20}, y = vector{1, -1});
    near(hinge, {0, 21}, 1e-9);
    near(perceptron, {0, 20}, 1e-9);
    constexpr auto x = xg::input<"x">(rows, 2_c);
    constexpr auto t = xg::labels<"t">(rows, xg::classes(2_c));
    auto classes = xg::compile<double>(xg::multiclass_hinge(x, t), xg::multiclass_perceptron(x, t));
    const auto [one, other] = classes(x = matrix{{10, 3}, {11, -2}}, t = indices{1, 0});
    near(one, {8, 0}, 1e-9);
    near(other, {7, 0}, 1e-9);
}

TEST_CASE("Optax: sparsemax", "[conformance]") {
    constexpr auto x = xg::input<"x">(rows, 3_c);
    constexpr auto t = xg::labels<"t">(rows, xg::classes(3_c));
    auto program = xg::compile<double>(xg::sparsemax_loss(x, t), xg::gradient(xg::mean(xg::sparsemax_loss(x, t)), x));
    const auto [loss, slope] = program(x = matrix{{0, 1e5, 0}, {1e5, 0, 0}, {0, 0, 1e5}}, t = indices{1, 0, 2});
    near(loss, {0, 0, 0}, 1e-9);
    near(slope, {0, 0, 0, 0, 0, 0, 0, 0, 0}, 1e-9);
    // Its loss of one score is ours of the logits 0 and the score; a third that is far below takes no part.
    near(std::get<0>(program(x = matrix{{0, 10, -1e5}, {0, 20, -1e5}}, t = indices{1, 0})), {0, 20}, 1e-9);
}

TEST_CASE("Optax: divergences", "[conformance]") {
    const matrix log_p{{-2.9957, -3.5066, -3.9120, -1.2040, -0.6931, -2.3026}, {-1.6094, -1.6094, -1.6094, -2.3026, -1.8971, -1.8971}};
    const matrix q{{0.2, 0.2, 0.2, 0.1, 0.15, 0.15}, {0.05, 0.03, 0.02, 0.3, 0.5, 0.0}};
    const matrix log_q{{-1.6094, -1.6094, -1.6094, -2.3026, -1.8971, -1.8971}, {-2.9957, -3.5066, -3.9120, -1.2040, -0.6931, -2.3026}};
    auto program = xg::compile<double>(xg::kl_divergence(a, b), xg::generalised_kl(xg::exp(a), b));
    const auto [kl, generalised] = program(a = log_p, b = q);
    near(kl, {0.8875577, 0.7592807});
    near(generalised, {0.88757247, 0.859308});
    near(xg::compile<double>(xg::kl_divergence(a, b, xg::log_target))(a = log_p, b = log_q), {0.8875625, 0.7187435584901326});
}

TEST_CASE("Optax: focal loss", "[conformance]") {
    auto program = xg::compile<double>(xg::sigmoid_focal(p, y, xg::alpha(0.5_c)), xg::sigmoid_focal(p, y, xg::alpha(-1_c)), xg::binary_cross_entropy_with_logits(p, y));
    const auto log_odds = [](vector x) {
        for (double& e : x) e = std::log(e / (1 - e));
        return x;
    };
    // What is published is the cross-entropy divided by the focal loss.
    const double large[] = {0.9, 0.98, 0.3, 0.99}, small[] = {0.1, 0.02, 0.09, 0.15};
    const vector ones{1, 1, 1, 1};
    const auto of_large = program(p = log_odds({0.9, 0.98, 0.3, 0.99}), y = ones);
    const auto of_small = program(p = log_odds({0.1, 0.02, 0.09, 0.15}), y = ones);
    for (std::size_t i = 0; i < 4; ++i) {
        near(std::get<2>(of_large)(i) / std::get<0>(of_large)(i), 2 / ((1 - large[i]) * (1 - large[i])), 1e-6);
        near(std::get<2>(of_small)(i) / std::get<1>(of_small)(i), 1 / ((1 - small[i]) * (1 - small[i])), 1e-6);
    }
}

TEST_CASE("Optax: ranking", "[conformance]") {
    constexpr auto in = xg::mask<"in">(rows, columns);
    auto program = xg::compile<double>(xg::ranking_softmax(a, b), xg::ranking_softmax(a, b, xg::item_mask(in)));
    const double total = std::exp(0) + std::exp(1) + std::exp(2) + std::exp(3), other = std::exp(1) + std::exp(2) + std::exp(3) + std::exp(4);
    const xt::xtensor<bool, 2> every{{true, true, true, true}, {true, true, true, true}, {true, true, true, true}};
    const matrix scores{{0, 3, 1, 2}, {3, 1, 4, 2}, {0, 3, 1, 2}}, relevance{{0, 0, 1, 1}, {2, 0, 1, 0}, {0, 0, 0, 0}};
    const std::vector<double> wanted{-std::log(std::exp(2) / total) - std::log(std::exp(1) / total), -2 * std::log(std::exp(3) / other) - std::log(std::exp(4) / other), 0};
    near(std::get<0>(program(a = scores, b = relevance, in = every)), wanted, 1e-9);
    near(std::get<1>(program(a = scores, b = relevance, in = every)), wanted, 1e-9);
    // Its weights multiply the relevance of an item.
    near(std::get<0>(program(a = matrix{{0, 3, 2, 1}}, b = matrix{{0, 0, 2, 1}}, in = xt::xtensor<bool, 2>{{true, true, true, true}})),
         {-2 * std::log(std::exp(2) / total) - std::log(std::exp(1) / total)}, 1e-9);
    near(std::get<0>(program(a = matrix{{0, -2.1e26, 3.4e37, 42}}, b = matrix{{0, 1, 1, 0}}, in = xt::xtensor<bool, 2>{{true, true, true, true}})), {3.4e37}, 1e34);
    // Masked items and empty lists.
    const auto masked = std::get<1>(program(a = matrix{{0, 3, 1, 2}, {0, 3, 1, 2}}, b = matrix{{0, 0, 2, 1}, {0, 0, 1, 1}}, in = xt::xtensor<bool, 2>{{true, true, true, false}, {false, false, false, false}}));
    near(masked, {-2 * std::log(std::exp(1) / (std::exp(0) + std::exp(3) + std::exp(1))), 0}, 1e-9);
}
