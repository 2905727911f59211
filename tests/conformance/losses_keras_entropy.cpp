// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "conformance/published.hpp"

using namespace published;

/// keras/src/losses/losses_test.py: cross-entropies. Its probabilities are bound as their logarithms: the softmax then divides a row by its sum,
/// which Keras does as well.
namespace {
constexpr auto z = xg::input<"z">(rows, 3_c);
constexpr auto q = xg::input<"q">(rows, 3_c);
constexpr auto t = xg::labels<"t">(rows, xg::classes(3_c), xg::ignore_index<-1>);
constexpr auto w = xg::input<"w">(rows);
constexpr auto weight_of_row = xg::row_weight(w);
constexpr auto x = xg::input<"x">(rows, columns);
constexpr auto y = xg::input<"y">(rows, columns);
constexpr auto column = xg::input<"column">(rows, 1_c);
constexpr auto weight_of_elements = xg::row_weight(column);

matrix logarithms(matrix a) {
    for (double& e : a) e = std::log(e);
    return a;
}
matrix log_odds(matrix a) {
    for (double& e : a) e = std::log(e / (1 - e));
    return a;
}
const matrix probabilities = logarithms({{0.9, 0.05, 0.05}, {0.5, 0.89, 0.6}, {0.05, 0.01, 0.94}});
const matrix logits{{8, 1, 1}, {0, 9, 1}, {2, 3, 5}}, one_hot{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
const indices labels{0, 1, 2};
const vector once{1, 1, 1}, twice{2.3, 2.3, 2.3}, own{1.2, 3.4, 5.6};
}  // namespace

TEST_CASE("Keras: cross-entropy of a distribution and of a label, ignored label", "[conformance]") {
    auto program = xg::compile<double>(xg::cross_entropy(z, q, weight_of_row), xg::cross_entropy(z, q, weight_of_row, mean), xg::cross_entropy(z, t, weight_of_row),
                                       xg::cross_entropy(z, t, weight_of_row, mean));
    const auto run = [&](const matrix& a, const vector& c) { return program(z = a, q = one_hot, t = labels, w = c); };
    const auto both = [&](const matrix& a, const vector& c, double wanted, double tolerance = 1e-4) {
        near(std::get<1>(run(a, c)), wanted, tolerance);
        near(std::get<3>(run(a, c)), wanted, tolerance);
    };
    both(probabilities, once, 0.3239);
    both(logits, once, 0.0573);
    both(probabilities, twice, 0.7449, 5e-4);  // 2.3 times 0.3239 is 0.7450; Keras compares three digits
    both(logits, twice, 0.1317, 5e-4);
    both(probabilities, own, 1.0696);
    both(logits, own, 0.31829);
    near(std::get<0>(run(logits, once)), {0.001822, 0.000459, 0.169846}, 1e-6);
    near(std::get<2>(run(logits, once)), {0.001822, 0.000459, 0.169846}, 1e-6);
    const matrix two{{0.854, 0.698, 0.598}, {0.088, 0.86, 0.018}};
    near(std::get<2>(program(z = two, q = matrix{{1, 0, 0}, {0, 0, 1}}, t = indices{-1, 2}, w = vector{1, 1})), {0, 1.480129}, 1e-6);
}

TEST_CASE("Keras: label smoothing, also with classes on another axis", "[conformance]") {
    constexpr auto plane = xg::input<"plane">(rows, 3_c, columns);
    constexpr auto shares = xg::input<"shares">(rows, 3_c, columns);
    constexpr auto a = xg::cross_entropy(x, y, xg::label_smoothing(0.1_c), mean);  // any number of classes
    constexpr auto b = xg::cross_entropy(plane, shares, xg::class_axis<1>, xg::label_smoothing(0.1_c), mean);
    auto smooth = xg::compile<double>(a);
    near(smooth(x = matrix{{100, -100, -100}}, y = matrix{{1, 0, 0}}), 400 * 0.1 / 3);

    const xt::xtensor<double, 3> wanted{{{1, 0}, {0, 1}, {0, 0}}, {{0, 1}, {1, 0}, {0, 0}}};
    xt::xtensor<double, 3> given{{{0.8, 0.1}, {0.1, 0.8}, {0.1, 0.1}}, {{0.1, 0.8}, {0.8, 0.1}, {0.1, 0.1}}};
    for (double& e : given) e = std::log(e);
    const double each = -(0.9 + 0.1 / 3) * std::log(0.8) - 2 * 0.1 / 3 * std::log(0.1);
    near(xg::compile<double>(b)(plane = given, shares = wanted), each, 1e-6);
}

TEST_CASE("Keras: binary cross-entropy", "[conformance]") {
    constexpr auto p = xg::probability_input<"p">(rows, columns);
    auto program = xg::compile<double>(xg::binary_cross_entropy(p, y, weight_of_elements, mean));
    near(program(p = matrix{{0.9, 0.1, 0.2}, {0.3, 0.8, 0.1}, {0.1, 0.2, 0.7}}, y = one_hot, column = matrix{{1}, {1}, {1}}), 0.20046903, 1e-6);
    // Keras takes a probability of 1 as the largest float below: its loss of a wrong one is 15.94. Ours is infinite.
    const double below = 1 - std::ldexp(1.0, -23);
    const matrix sure{{below, below}, {below, 1 - below}}, right{{1, 0}, {1, 0}};
    near(program(p = sure, y = right, column = matrix{{1}, {1}}), 3.98559);
    near(program(p = sure, y = right, column = matrix{{2.3}, {2.3}}), 9.1668);
    near(program(p = sure, y = right, column = matrix{{1.2}, {3.4}}), 4.7827);

    constexpr auto rows_of = [](auto target) { return xg::binary_cross_entropy_with_logits(x, target, weight_of_elements); };
    // Smoothing of two classes: the label e becomes e (1 - 0.1) + 0.1 / 2.
    auto of_logits = xg::compile<double>(xg::mean(rows_of(y), xg::axes<-1>), xg::mean(rows_of(y)), xg::mean(rows_of(0.9_c * y + 0.05_c)));
    const matrix given{{10, -10, 10}, {10, 10, -10}}, wanted{{1, 0, 1}, {0, 1, 1}};
    near(std::get<0>(of_logits(x = given, y = wanted, column = matrix{{1}, {1}})), {0, 6.666}, 1e-3);
    near(std::get<1>(of_logits(x = given, y = wanted, column = matrix{{1}, {1}})), 3.3333);
    near(std::get<1>(of_logits(x = given, y = wanted, column = matrix{{2.3}, {2.3}})), 7.666, 1e-3);
    near(std::get<1>(of_logits(x = given, y = wanted, column = matrix{{4}, {3}})), 10, 5e-4);
    near(std::get<2>(of_logits(x = matrix{{10, -10, -10}}, y = matrix{{1, 0, 1}}, column = matrix{{1}})), (10 + 5 * 0.1) / 3);
}

TEST_CASE("Keras: focal losses", "[conformance]") {
    constexpr auto gamma = xg::scalar<"gamma">;
    // Without its apply_class_balancing there is no alpha.
    constexpr auto focal = xg::sigmoid_focal(x, y, xg::gamma(gamma), xg::alpha(-1_c), weight_of_elements);
    auto program = xg::compile<double>(xg::mean(focal, xg::axes<-1>), xg::mean(focal));
    const matrix given = log_odds({{0.9, 0.8}, {0.7, 0.2}}), right{{1, 0}, {1, 0}};
    const matrix score{{1.5, -2.7, 2.9}, {-3.8, 1.2, -4.5}}, wanted{{1, 1, 0}, {0, 1, 0}};
    const matrix single{{1}, {1}}, own_each{{1.2}, {3.4}};
    near(std::get<1>(program(x = given, y = right, column = single, gamma = 2.0)), 0.268, 5e-4);
    near(std::get<1>(program(x = score, y = wanted, column = single, gamma = 3.0)), 0.799, 5e-4);
    near(std::get<1>(program(x = given, y = right, column = matrix{{1.23}, {1.23}}, gamma = 2.0)), 0.3296);
    near(std::get<1>(program(x = score, y = wanted, column = matrix{{3.21}, {3.21}}, gamma = 3.0)), 2.565, 5e-4);
    near(std::get<1>(program(x = given, y = right, column = own_each, gamma = 2.0)), 0.34415, 5e-4);
    near(std::get<1>(program(x = score, y = wanted, column = own_each, gamma = 3.0)), 0.95977, 5e-4);
    near(std::get<0>(program(x = given, y = right, column = single, gamma = 2.0)), {0.515547, 0.020513}, 1e-6);

    // Its alpha of 0.25 is every class's weight.
    constexpr auto c = xg::input<"c">(3_c);
    const auto of = [](auto... o) { return xg::focal_cross_entropy(z, q, 2_c, xg::class_weight(c), o...); };
    auto classes = xg::compile<double>(of(weight_of_row), of(weight_of_row, mean));
    auto smooth = xg::compile<double>(of(xg::label_smoothing(0.1_c), mean));
    const vector quarters{0.25, 0.25, 0.25};
    const auto run = [&](const matrix& a, const vector& b) { return std::get<1>(classes(z = a, q = one_hot, c = quarters, w = b)); };
    near(run(probabilities, once), 0.02059, 1e-5);
    near(run(logits, once), 0.000345, 1e-6);
    near(run(probabilities, twice), 0.047368, 1e-6);
    near(run(logits, twice), 0.000794, 1e-6);
    near(run(probabilities, own), 0.06987, 1e-5);
    near(run(logits, own), 0.001933, 1e-6);
    const auto each = std::get<0>(classes(z = logits, q = one_hot, c = quarters, w = once));
    for (std::size_t i = 0; i < 3; ++i) near(each(i) / std::array{1.5096224e-09, 2.4136547e-11, 1.0360638e-03}[i], 1, 5e-4);  // computed in float there
    near(smooth(z = matrix{{4.9, -0.5, 2.05}}, q = matrix{{1, 0, 0}}, c = quarters), 0.06685, 1e-5);
}

TEST_CASE("Keras: generalised cross-entropy", "[conformance]") {
    constexpr auto power = xg::scalar<"power">;
    auto program = xg::compile<double>(xg::generalised_cross_entropy(z, t, power, mean));
    const auto term = [](double p, double a) { return (1 - std::pow(p, a)) / a; };
    const matrix two = logarithms({{0.7, 0.3, 0}, {0.2, 0.8, 0}, {0.6, 0.4, 0}, {0.4, 0.6, 0}});
    const matrix three = logarithms({{0.7, 0.3, 0}, {0.2, 0.2, 0.6}, {0.6, 0.4, 0}, {0.2, 0.2, 0.6}});
    for (double a : {0.5, 0.8}) {
        near(program(z = two, t = indices{0, 1, 0, 1}, power = a), (term(0.7, a) + term(0.8, a) + 2 * term(0.6, a)) / 4, 1e-6);
        near(program(z = three, t = indices{0, 1, 0, 1}, power = a), (term(0.7, a) + term(0.6, a) + 2 * term(0.2, a)) / 4, 1e-6);
    }
}
