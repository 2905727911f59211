// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Each parameter changes once a step, by what its gradient says, where the kernel that updates it meets a value more than once: in strips of a
// product, in rows it is summed over, in parts on several threads. And not at all where the loss is no number.
#include "train/alike.hpp"

#include <support/arrays.hpp>

#include <limits>
#include <vector>

namespace {
namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr double rate = 0x1p-10;

double change(const auto& now, double before) { return static_cast<double>(now) - before; }

/// A bias of one number beside a product of K rows and one column, against loops.
template <std::size_t K>
void check_single_bias() {
    constexpr xg::static_extent<K> k{};
    constexpr auto x = xg::input<"x">(batch, k);
    constexpr auto t = xg::input<"t">(batch, 1_c);
    constexpr auto w = xg::parameter<"w", xg::glorot_uniform>(k, 1_c);
    constexpr auto b = xg::parameter<"b">(1_c);
    const auto X = support::uniform<float>({4, K}, 1, -1, 1), T = support::uniform<float>({4, 1}, 2, -1, 1);
    xg::trainer trainer{sum(square(b + matmul(x, w) - t)), xg::sgd{.learning_rate = rate}, xg::seed{0}};
    const support::array<float, 2> w_before = trainer.parameter("w"_p);
    double b_gradient = 0, w_gradient = 0;  // the latter of the last row
    for (std::size_t i = 0; i < 4; ++i) {
        double y = 0;
        for (std::size_t j = 0; j < K; ++j) y += static_cast<double>(X(i, j)) * static_cast<double>(w_before(j, 0));
        const double d = 2 * (y - static_cast<double>(T(i, 0)));
        b_gradient += d;
        w_gradient += d * static_cast<double>(X(i, K - 1));
    }
    trainer.step(x = X, t = T);
    CAPTURE(K);
    CHECK(change(trainer.parameter("b"_p)(0), 0) == Approx(-rate * b_gradient).epsilon(1e-4));
    CHECK(change(trainer.parameter("w"_p)(K - 1, 0), static_cast<double>(w_before(K - 1, 0))) == Approx(-rate * w_gradient).epsilon(1e-3));
}

TEST_CASE("a bias of one number changes once, however wide the product beside it", "[train]") {
    check_single_bias<64>();
    check_single_bias<380>();
    check_single_bias<2000>();
}

TEST_CASE("layers of one number between wide ones", "[train]") {
    constexpr auto x = xg::input<"x">(batch, 30_c);
    constexpr auto model = xg::sequential(xg::dense<"in">(32_c), xg::tanh, xg::dense<"code">(1_c), xg::tanh, xg::dense<"wide">(1000_c), xg::tanh, xg::dense<"out">(30_c));
    constexpr auto loss = xg::mean(xg::mean_squared_error(model(x), x));
    const auto X = support::uniform<float>({64, 30}, 1, -1, 1);
    xg::trainer fused{loss, xg::sgd{.learning_rate = 1.0}, xg::seed{0}};
    xg::trainer apart{loss, xg::sgd{.learning_rate = 1.0}, xg::seed{0}, xg::unfused};
    const double before = fused.step(x = X);
    CHECK(apart.step(x = X) == Approx(before).epsilon(1e-6));
    CHECK(fused.parameter("code.bias"_p)(0) == Approx(apart.parameter("code.bias"_p)(0)).epsilon(1e-4));
    CHECK(fused.parameter("wide.bias"_p)(999) == Approx(apart.parameter("wide.bias"_p)(999)).epsilon(1e-4));
    CHECK(fused.parameter("out.bias"_p)(29) == Approx(apart.parameter("out.bias"_p)(29)).epsilon(1e-4));
}

TEST_CASE("a parameter for each column changes once, though a product's kernel meets it in every row", "[train]") {
    constexpr auto x = xg::input<"x">(batch, 8_c);
    constexpr auto t = xg::input<"t">(batch, 20_c);
    constexpr auto v = xg::parameter<"v", xg::ones>(8_c, 20_c);
    constexpr auto s = xg::parameter<"s", xg::ones>(20_c);
    xg::trainer trainer{sum(square(v) * square(s)) + sum(square(matmul(x, v) - t)), xg::sgd{.learning_rate = rate}, xg::seed{0}};
    trainer.step(x = support::uniform<float>({4, 8}, 1, -1, 1), t = support::uniform<float>({4, 20}, 2, -1, 0));
    for (std::size_t j = 0; j < 20; ++j) CHECK(change(trainer.parameter("s"_p)(j), 1) == Approx(-rate * 2 * 8).epsilon(1e-4));  // 2 s sum(v^2)
}

/// A parameter for each row of a product as wide as K.
template <std::size_t K>
void check_parameter_of_rows() {
    constexpr xg::static_extent<K> k{};
    constexpr auto x = xg::input<"x">(batch, 8_c);
    constexpr auto q = xg::input<"q">(8_c, 1_c);
    constexpr auto v = xg::parameter<"v", xg::glorot_uniform>(8_c, k);
    constexpr auto p = xg::parameter<"p", xg::ones>(8_c, 1_c);
    xg::trainer trainer{sum(square(p - q)) + sum(square(matmul(x, xg::stop_gradient(p) * v))), xg::sgd{.learning_rate = rate}, xg::seed{0}};
    const auto Q = support::uniform<float>({8, 1}, 2, -1, 0);
    trainer.step(x = support::uniform<float>({4, 8}, 1, -1, 1), q = Q);
    CAPTURE(K);
    for (std::size_t i = 0; i < 8; ++i) CHECK(change(trainer.parameter("p"_p)(i, 0), 1) == Approx(-rate * 2 * (1 - static_cast<double>(Q(i, 0)))).epsilon(1e-4));
}

TEST_CASE("a parameter for each row changes once, in however many strips the row is met", "[train]") {
    check_parameter_of_rows<100>();
    check_parameter_of_rows<1000>();
}

TEST_CASE("a number beside many products of one element", "[train]") {
    constexpr auto a = xg::input<"a">(40_c, 8_c, 1_c);
    constexpr auto w = xg::parameter<"w", xg::ones>(40_c, 1_c, 1_c);
    constexpr auto c = xg::parameter<"c">(1_c);
    const auto A = support::uniform<float>({40, 8, 1}, 1, -1, 2);
    xg::trainer trainer{sum(square(c + matmul(a, w))), xg::sgd{.learning_rate = rate}, xg::seed{0}};
    trainer.step(a = A);
    double gradient = 0;
    for (const float value : A) gradient += 2 * static_cast<double>(value);
    CHECK(change(trainer.parameter("c"_p)(0), 0) == Approx(-rate * gradient).epsilon(1e-4));
}

TEST_CASE("factors of a product change together, each by the other as it was", "[train]") {
    constexpr auto r = xg::input<"r">(9_c, 7_c);
    constexpr auto u = xg::parameter<"u", xg::glorot_uniform>(9_c, 3_c);
    constexpr auto v = xg::parameter<"v", xg::glorot_uniform>(3_c, 7_c);
    const auto R = support::uniform<float>({9, 7}, 1, -1, 1);
    xg::trainer trainer{sum(square(matmul(u, v) - r)), xg::sgd{.learning_rate = rate}, xg::seed{0}};
    const support::array<float, 2> U = trainer.parameter("u"_p), V = trainer.parameter("v"_p);
    trainer.step(r = R);
    std::vector<double> d(63), by_u(27), by_v(21);
    for (std::size_t i = 0; i < 9; ++i)
        for (std::size_t j = 0; j < 7; ++j) {
            d[i * 7 + j] = -static_cast<double>(R(i, j));
            for (std::size_t k = 0; k < 3; ++k) d[i * 7 + j] += static_cast<double>(U(i, k)) * static_cast<double>(V(k, j));
            for (std::size_t k = 0; k < 3; ++k) by_u[i * 3 + k] += 2 * d[i * 7 + j] * static_cast<double>(V(k, j));
            for (std::size_t k = 0; k < 3; ++k) by_v[k * 7 + j] += 2 * d[i * 7 + j] * static_cast<double>(U(i, k));
        }
    for (std::size_t i = 0; i < 27; ++i) CHECK(static_cast<double>(trainer.parameter("u"_p).flat(i)) == Approx(static_cast<double>(U.flat(i)) - rate * by_u[i]).margin(1e-6));
    for (std::size_t i = 0; i < 21; ++i) CHECK(static_cast<double>(trainer.parameter("v"_p).flat(i)) == Approx(static_cast<double>(V.flat(i)) - rate * by_v[i]).margin(1e-6));

    constexpr auto s = xg::parameter<"s", xg::glorot_uniform>(3_c, 3_c);
    alike::check_against_unfused(sum(square(matmul(matmul(u, s), v) - r)), xg::adam{.learning_rate = 0.01}, [&](auto step) { return step(r = R); }, "u"_p, "s"_p, "v"_p);
    alike::check_against_unfused(sum(square(matmul(u, xg::softmax(matmul(s, v))) - r)), xg::sgd{.learning_rate = 0.01, .momentum = 0.9}, [&](auto step) { return step(r = R); }, "u"_p, "s"_p, "v"_p);
    constexpr auto scale = xg::parameter<"scale", xg::ones>(1_c, 1_c);
    alike::check_against_unfused(sum(xg::tanh(matmul(matmul(u, v), xg::transpose(v)) * scale)) + sum(square(scale - xg::mean(u))) + xg::mean(r), xg::sgd{.learning_rate = 0.01}, [&](auto step) { return step(r = R); }, "u"_p, "v"_p, "scale"_p);
}

TEST_CASE("a loss that is not finite changes nothing, though one kernel could make it and the update", "[train]") {
    constexpr auto x = xg::input<"x">(10_c);
    constexpr auto d = xg::parameter<"d", xg::ones>(10_c);
    auto X = support::uniform<float>({10}, 1, -1, 1);
    X(3) = std::numeric_limits<float>::quiet_NaN();
    xg::trainer trainer{sum(square(x - d)), xg::sgd{.learning_rate = 0.1}, xg::seed{0}};
    CHECK_THROWS(trainer.step(x = X));
    for (const float value : trainer.parameter("d"_p)) CHECK(value == 1);
}
}  // namespace
