// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "support/arrays.hpp"
#include "support/catch.hpp"

namespace xg = xgrad;
using namespace xg::literals;

namespace {

constexpr auto n = xg::axis<"n">;
constexpr auto x = xg::input<"x">(n);
constexpr auto b = xg::input<"b">(n);
constexpr auto rows = xg::input<"rows">(n, 4_c);
constexpr auto shown = xg::mask<"shown">(n, 4_c);
constexpr double infinite = std::numeric_limits<double>::infinity(), no_number = std::numeric_limits<double>::quiet_NaN();

/// One program for each activation: value and slope at a few points.
template <class F>
auto tried(F f, const std::vector<double>& points) {
    return xg::compile<double>(f(x), xg::gradient(xg::sum(f(x)), x), 2_c * x)(x = support::vector_of(points));
}
template <class F>
void holds(const char* name, F f, const std::vector<double>& points, const std::vector<double>& values, const std::vector<double>& slopes) {
    const auto [value, slope, names] = tried(f, points);
    for (std::size_t i = 0; i < points.size(); ++i) {
        INFO(name << " at " << points[i]);
        CHECK(value(i) == Approx(values[i]).epsilon(1e-14).margin(1e-300));
        CHECK(slope(i) == Approx(slopes[i]).epsilon(1e-14).margin(1e-300));
    }
}

}  // namespace

TEST_CASE("activations by pieces: values and slopes, also at the corners", "[nn]") {
    holds("relu6", xg::relu6, {-1, 0, 3, 6, 7}, {0, 0, 3, 6, 6}, {0, 0, 1, 0, 0});
    holds("leaky_relu", xg::leaky_relu, {-2, 0, 3}, {-0.02, 0, 3}, {0.01, 0.01, 1});
    holds("leaky_relu(0.2)", xg::leaky_relu(0.2_c), {-2, 3}, {-0.4, 3}, {0.2, 1});
    holds("hard_tanh", xg::hard_tanh, {-2, -0.5, 2}, {-1, -0.5, 1}, {0, 1, 0});
    holds("hard_tanh(-2, 0.5)", xg::hard_tanh(-2_c, 0.5_c), {-3, -1, 1}, {-2, -1, 0.5}, {0, 1, 0});
    holds("hard_sigmoid", xg::hard_sigmoid, {-4, -1.5, 1.5, 4}, {0, 0.25, 0.75, 1}, {0, 1 / 6.0, 1 / 6.0, 0});
    holds("hard_sigmoid of ONNX", xg::hard_sigmoid(0.2_c, 0.5_c), {-3, 1, 3}, {0, 0.7, 1}, {0, 0.2, 0});
    holds("hard_silu", xg::hard_silu, {-4, -1.5, 1.5, 4}, {0, -0.375, 1.125, 4}, {0, 0, 1, 1});
    holds("softshrink", xg::softshrink, {-1, 0.25, 1}, {-0.5, 0, 0.5}, {1, 0, 1});
    holds("hardshrink", xg::hardshrink, {-1, 0.5, 1}, {-1, 0, 1}, {1, 0, 1});
    holds("threshold(0.5, 20)", xg::threshold(0.5_c, 20_c), {0.5, 1}, {20, 1}, {0, 1});
    holds("thresholded_relu", xg::thresholded_relu, {-2, 1, 2}, {0, 0, 2}, {0, 0, 1});
    holds("sparse_plus", xg::sparse_plus, {-2, 0, 0.5, 2}, {0, 0.25, 0.5625, 2}, {0, 0.5, 0.75, 1});
    holds("sparse_sigmoid", xg::sparse_sigmoid, {-2, 0, 0.5, 2}, {0, 0.5, 0.75, 1}, {0, 0.5, 0.5, 0});
    holds("relu_squared", xg::relu_squared, {-2, 3}, {0, 9}, {0, 6});
    holds("linear", xg::linear, {-2, 3}, {-2, 3}, {1, 1});
}

TEST_CASE("smooth activations: values and slopes in closed form, also far out", "[nn]") {
    const double e = std::exp(-1.5), lambda = 1.0507009873554804934, alpha = 1.6732632423543772848;
    holds("elu", xg::elu, {-1.5, 0, 2, 800}, {std::expm1(-1.5), 0, 2, 800}, {e, 1, 1, 1});
    holds("elu(0.5)", xg::elu(0.5_c), {-1.5, 2}, {0.5 * std::expm1(-1.5), 2}, {0.5 * e, 1});
    holds("selu", xg::selu, {-1.5, 2, 800}, {lambda * alpha * std::expm1(-1.5), lambda * 2, lambda * 800}, {lambda * alpha * e, lambda, lambda});
    holds("celu(2)", xg::celu(2_c), {-3, 2, 2000}, {2 * std::expm1(-1.5), 2, 2000}, {e, 1, 1});
    const double s = 1 / (1 + e), t = e / (1 + e);  // sigmoid(1.5), sigmoid(-1.5)
    holds("swish", xg::swish, {-1.5, 1.5}, {-1.5 * t, 1.5 * s}, {t * (1 - 1.5 * s), s * (1 + 1.5 * t)});
    holds("swish(3)", xg::swish(3_c), {-0.5, 0.5}, {-0.5 * t, 0.5 * s}, {t * (1 - 1.5 * s), s * (1 + 1.5 * t)});
    holds("quick_gelu", xg::quick_gelu, {-1.5 / 1.702}, {-1.5 / 1.702 * t}, {t * (1 - 1.5 * s)});
    holds("softplus(3)", xg::softplus(3_c), {-0.5, 0.5, 500}, {std::log1p(e) / 3, 0.5 + std::log1p(e) / 3, 500}, {t, s, 1});
    holds("log_sigmoid", xg::log_sigmoid, {-1.5, 1.5, -800}, {-1.5 - std::log1p(e), -std::log1p(e), -800}, {s, t, 1});
    holds("softsign", xg::softsign, {-3, 1}, {-0.75, 0.5}, {1 / 16.0, 0.25});
    holds("squareplus", xg::squareplus, {-1.5, 0, 1.5}, {0.5, 1, 2}, {0.2, 0.5, 0.8});
    holds("exponential", xg::exponential, {-1.5}, {e}, {e});
}

TEST_CASE("NaN stays NaN, and infinities are what the documentation says", "[nn]") {
    auto at = [](auto f, double v) { return xg::compile<double>(f(x))(x = support::vector_of(std::vector<double>{v}))(0); };
    CHECK((std::isnan(at(xg::relu6, no_number)) && std::isnan(at(xg::softshrink, no_number)) && std::isnan(at(xg::hardshrink, no_number)) && std::isnan(at(xg::hard_tanh, no_number))));
    CHECK((std::isnan(at(xg::hard_sigmoid, no_number)) && std::isnan(at(xg::thresholded_relu, no_number)) && at(xg::threshold, no_number) == 0));
    CHECK((at(xg::elu, -infinite) == -1 && at(xg::softplus(2_c), -infinite) == 0 && at(xg::log_sigmoid, infinite) == 0 && at(xg::silu, -infinite) == 0));
    CHECK((at(xg::squareplus, -infinite) == 0 && at(xg::squareplus, infinite) == infinite && std::isnan(at(xg::softsign, infinite))));
}

TEST_CASE("an activation is a layer, with and without its options", "[nn]") {
    STATIC_REQUIRE(xg::same(xg::leaky_relu(0.2_c)(x), xg::leaky_relu(x, 0.2_c)));
    STATIC_REQUIRE(xg::same(xg::swish.with(xg::scalar<"beta">)(x), x * sigmoid(xg::scalar<"beta"> * x)));
    constexpr auto model = xg::sequential(xg::leaky_relu, xg::elu(0.5_c), xg::hard_tanh(-1_c, 2_c), xg::gelu);
    STATIC_REQUIRE(xg::same(model(x), xg::gelu(xg::hard_tanh(xg::elu(xg::leaky_relu(x, 0.01_c), 0.5_c), -1_c, 2_c))));
    STATIC_REQUIRE(xg::same(xg::prelu<"p">(rows), xg::prelu<"p">()(rows)) && xg::same(xg::sequential(xg::prelu<"p">, xg::dyt<"n">)(rows), xg::dyt<"n">()(xg::prelu<"p">(1_c)(rows))));
    constexpr auto learnt = xg::sequential<"block">(xg::prelu<"act">(4_c), xg::dyt<"norm">());
    constexpr auto slope = xg::parameter<"block.act.slope", xg::initialiser{xg::initialiser_kind::constant, 0.25}>(4_c);
    constexpr auto alpha = xg::parameter<"block.norm.alpha", xg::initialiser{xg::initialiser_kind::constant, 0.5}>(1_c);
    constexpr auto gamma = xg::parameter<"block.norm.gamma", xg::ones>(4_c);
    constexpr auto beta = xg::parameter<"block.norm.beta">(4_c);
    STATIC_REQUIRE(xg::same(learnt(rows), gamma * tanh(alpha * xg::select(rows > 0_c, rows, slope * rows)) + beta));
}

TEST_CASE("gated linear units", "[nn]") {
    STATIC_REQUIRE(xg::same(xg::glu(x, b), x * sigmoid(b)));
    STATIC_REQUIRE(xg::same(xg::reglu(x, b), x * relu(b)));
    STATIC_REQUIRE(xg::same(xg::geglu(x, b), x * xg::gelu(b)));
    STATIC_REQUIRE(xg::same(xg::swiglu(x, b), x * xg::silu(b)));
    STATIC_REQUIRE(xg::same(xg::bilinear(x, b), x * b));
    STATIC_REQUIRE(xg::same(xg::gradient(xg::sum(xg::swiglu(x, b)), b), x * (sigmoid(b) * (1_c + b * sigmoid(-b)))));
}

TEST_CASE("softmax with a temperature, a mask, and its relatives", "[nn]") {
    STATIC_REQUIRE(xg::same(xg::softmin(rows), xg::softmax(-rows)));
    STATIC_REQUIRE(xg::same(xg::tempered_softmax(rows, 2_c), xg::softmax(0.5_c * rows)));
    auto data = support::shaped<double>({3, 4});
    auto mask = support::shaped<bool>({3, 4});
    const double values[3][4] = {{1, 2, 3, 3}, {5, no_number, 5, -1}, {0, 1, 2, 3}};
    const bool holds[3][4] = {{true, false, true, true}, {false, false, false, false}, {true, true, true, true}};
    for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t k = 0; k < 4; ++k) data(i, k) = values[i][k], mask(i, k) = holds[i][k];
    constexpr auto p = xg::masked_softmax(rows, shown);
    constexpr auto l = xg::masked_log_softmax(rows, shown);
    const auto [soft, logarithm, slope, hard] = xg::compile<double>(p, l, xg::gradient(xg::sum(p * p), rows), xg::hardmax(rows))(rows = data, shown = mask);
    const double total = std::exp(-2.0) + 2;
    const double first[] = {std::exp(-2.0) / total, 0, 1 / total, 1 / total};
    double squares = 0;
    for (double q : first) squares += q * q;
    for (std::size_t k = 0; k < 4; ++k) {
        CHECK(soft(0, k) == Approx(first[k]).epsilon(1e-14));
        CHECK(slope(0, k) == Approx(2 * first[k] * (first[k] - squares)).epsilon(1e-13));
        CHECK((soft(1, k) == 0 && slope(1, k) == 0 && logarithm(1, k) == -infinite));
        CHECK(hard(2, k) == (k == 3 ? 1 : 0));
    }
    CHECK((logarithm(0, 1) == -infinite && logarithm(0, 2) == Approx(-std::log(total)).epsilon(1e-14)));
}

TEST_CASE("hardmax: the first of equal largest ones", "[nn]") {
    const support::array<double, 2> data = {{3, 1, 3, 2}, {0, 3, -1, 3}, {-infinite, -infinite, -infinite, -infinite}, {2, no_number, 2, 1}};
    const auto [last, first, all, none] = xg::compile<double>(xg::hardmax(rows), xg::hardmax(rows, xg::axes<0>), xg::hardmax(rows, xg::axes<1, 0>),
                                                              xg::gradient(xg::sum(rows * xg::hardmax(rows)), rows))(rows = data);
    const double of_rows[4][4] = {{1, 0, 0, 0}, {0, 1, 0, 0}, {1, 0, 0, 0}, {0, 0, 0, 0}};
    const double of_columns[4][4] = {{1, 0, 1, 0}, {0, 0, 0, 1}, {0, 0, 0, 0}, {0, 0, 0, 0}};  // a column with NaN is 0
    for (std::size_t i = 0; i < 4; ++i)
        for (std::size_t k = 0; k < 4; ++k) {
            CAPTURE(i, k);
            CHECK((last(i, k) == of_rows[i][k] && first(i, k) == of_columns[i][k] && all(i, k) == 0 && none(i, k) == of_rows[i][k]));
        }
    const support::array<double, 2> tied = {{3, 1, 1, 2}, {0, 5, 5, 3}, {5, 5, 0, 0}};
    const auto whole = xg::compile<double>(xg::hardmax(rows, xg::axes<0, 1>))(rows = tied);
    for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t k = 0; k < 4; ++k) CHECK(whole(i, k) == (i == 1 && k == 1 ? 1 : 0));
}
