// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "conformance/published.hpp"

using namespace published;

/// keras/src/activations/activations_test.py. Its relu with a slope, a ceiling and a threshold is several functions here;
/// one with a slope that starts at a threshold is none.
namespace {
constexpr auto x = xg::input<"x">(columns);
const vector X{-10, -5, 0, 5, 10};
}  // namespace

TEST_CASE("Keras: relu and its options", "[conformance]") {
    auto program = xg::compile<double>(xg::relu(x), xg::relu6(x), xg::leaky_relu(x, 0.5_c), xg::hard_tanh(x, 0_c, 5_c), xg::thresholded_relu(x, 5_c),
                                       xg::minimum(xg::thresholded_relu(x, 5_c), 5_c));
    const auto [relu, six, leaky, at_most_5, above_5, both] = program(x = X);
    near(relu, {0, 0, 0, 5, 10});
    near(leaky, {-5, -2.5, 0, 5, 10});
    near(at_most_5, {0, 0, 0, 5, 5});
    near(above_5, {0, 0, 0, 0, 10});
    near(both, {0, 0, 0, 0, 5});
    near(std::get<1>(program(x = vector{-10, -5, 0, 5, 10, 12})), {0, 0, 0, 5, 6, 6});
}

TEST_CASE("Keras: exponential activations at its points", "[conformance]") {
    constexpr double alpha = 1.6732632423543772848170429916717, scale = 1.0507009873554804934193349852946;
    auto program = xg::compile<double>(xg::elu(x), xg::selu(x), xg::celu(x, 0.5_c), xg::exponential(x), xg::linear(x));
    const vector points{1, 2, -1, -2};
    const auto [elu, selu, celu, exponential, linear] = program(x = points);
    near(elu, {1, 2, std::exp(-1) - 1, std::exp(-2) - 1}, 1e-9);
    near(selu, {scale, 2 * scale, (std::exp(-1) - 1) * scale * alpha, (std::exp(-2) - 1) * scale * alpha}, 1e-9);
    near(celu, {1, 2, 0.5 * std::expm1(-2), 0.5 * std::expm1(-4)}, 1e-9);
    near(exponential, {std::exp(1), std::exp(2), std::exp(-1), std::exp(-2)}, 1e-6);
    near(linear, {1, 2, -1, -2}, 0);
}

TEST_CASE("Keras: sparsemax", "[conformance]") {
    constexpr auto z = xg::input<"z">(rows, columns);
    auto program = xg::compile<double>(xg::sparsemax(z));
    near(program(z = matrix{{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}}), {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 1e-9);
    near(program(z = matrix{{1, 2}, {3, 4}, {5, 6}, {7, 8}, {9, 10}, {11, 12}}), {0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1}, 1e-9);
    near(program(z = matrix{{1}, {2}, {3}}), {1, 1, 1}, 1e-9);
}

namespace {
/// The formula of Keras' test at each point.
template <class F>
std::vector<double> at(const vector& points, F formula) {
    std::vector<double> made;
    for (double one : points) made.push_back(formula(one));
    return made;
}
double softplus(double a) { return a < 0 ? std::log1p(std::exp(a)) : a + std::log1p(std::exp(-a)); }
}  // namespace

TEST_CASE("Keras: formulas of activations that libtorch does not have, or has with another default", "[conformance]") {
    auto program = xg::compile<double>(xg::hard_sigmoid(x), xg::sparse_sigmoid(x), xg::hard_silu(x), xg::squareplus(x), xg::sparse_plus(x), xg::mish(x));
    const vector points{-10, -4, -3, -1.5, -1, -0.5, 0, 0.25, 0.5, 1, 1.5, 3, 4, 10};
    const auto [hard, sparse, silu, square, plus, mish] = program(x = points);
    near(hard, at(points, [](double a) { return a < -3 ? 0 : a > 3 ? 1 : a / 6 + 0.5; }), 1e-9);
    near(sparse, at(points, [](double a) { return a <= -1 ? 0 : a >= 1 ? 1 : 0.5 * (a + 1); }), 1e-9);
    near(silu, at(points, [](double a) { return a < -3 ? 0 : a > 3 ? a : a * (a / 6 + 0.5); }), 1e-9);
    near(square, at(points, [](double a) { return (a + std::sqrt(a * a + 4)) / 2; }), 1e-9);
    near(plus, at(points, [](double a) { return a <= -1 ? 0 : a < 1 ? (a + 1) * (a + 1) / 4 : a; }), 1e-9);
    near(mish, at(points, [](double a) { return a * std::tanh(softplus(a)); }), 1e-9);
}
