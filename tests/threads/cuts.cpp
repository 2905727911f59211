// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Shapes that a cut could get wrong, against plain loops: sums that keep an inner axis, or turn it to the front; values of fewer
// axes than their kernel; a step that waits for the last panel; memory that a plain product takes over while panels still run.
#include <xgrad/xgrad.hpp>

#include <support/arrays.hpp>
#include <support/catch.hpp>

#include <omp.h>

namespace {
namespace xg = xgrad;
using namespace xg::literals;

constexpr auto a_rows = xg::axis<"a_rows">;
constexpr auto b_rows = xg::axis<"b_rows">;

/// what() with one and with three threads.
template <class What>
void with_threads(What what) {
    omp_set_dynamic(0);
    for (int threads : {1, 3}) {
        omp_set_num_threads(threads);
        INFO("threads " << threads);
        what();
    }
    omp_set_num_threads(1);
}
}  // namespace

TEST_CASE("cuts: a sum over the rows of a product that keeps an inner axis") {
    constexpr auto x = xg::input<"x">(a_rows, 6_c, 40_c);
    constexpr auto w = xg::input<"w">(40_c, 256_c);
    auto program = xg::compile(xg::sum(xg::tanh(matmul(x, w)), xg::axes<0>)).prepare();
    const auto X = support::uniform<float>({200, 6, 40}, 1, -1, 1);
    const auto W = support::uniform<float>({40, 256}, 2, -1, 1);
    std::vector<long double> exact(6 * 256, 0);
    for (std::size_t n = 0; n < 200; ++n)
        for (std::size_t i = 0; i < 6; ++i)
            for (std::size_t j = 0; j < 256; ++j) {
                double z = 0;
                for (std::size_t k = 0; k < 40; ++k) z += static_cast<double>(X(n, i, k)) * static_cast<double>(W(k, j));
                exact[i * 256 + j] += std::tanh(z);
            }
    with_threads([&] { CHECK(support::largest_error(program(x = X, w = W), exact, 100) < 1e-6); });
}

TEST_CASE("cuts: a sum whose remaining axes change places") {
    constexpr auto x = xg::input<"x">(a_rows, b_rows, 40_c);
    constexpr auto h = xg::tanh(x);
    constexpr auto sums = xg::sum(xg::transpose(h, xg::axes<1, 2, 0>), xg::axes<0>);
    auto alone = xg::compile(sums).prepare();
    auto in_panels = xg::compile(sums, xg::sum(xg::exp(h) * xg::softmax(h))).prepare();
    const auto X = support::uniform<float>({3000, 9, 40}, 1, -1, 1);
    std::vector<long double> exact(40 * 3000, 0);
    for (std::size_t a = 0; a < 3000; ++a)
        for (std::size_t b = 0; b < 9; ++b)
            for (std::size_t c = 0; c < 40; ++c) exact[c * 3000 + a] += std::tanh(static_cast<long double>(X(a, b, c)));
    with_threads([&] {
        CHECK(support::largest_error(alone(x = X), exact, 1) < 1e-6);
        CHECK(support::largest_error(std::get<0>(in_panels(x = X)), exact, 1) < 1e-6);
    });
}

TEST_CASE("cuts: a value made and kept in a kernel with one axis more") {
    constexpr auto s = xg::input<"s">(b_rows, 70_c);
    constexpr auto big = xg::input<"big">(a_rows, b_rows, 70_c);
    constexpr auto w = xg::input<"w">(70_c, 30_c);
    constexpr auto y = xg::tanh(s) + 1_c;
    auto program = xg::compile(xg::tanh(big * y), matmul(y, w)).prepare();
    const auto S = support::uniform<float>({50, 70}, 1, -1, 1), W = support::uniform<float>({70, 30}, 3, -1, 1);
    const auto B = support::uniform<float>({40, 50, 70}, 2, -1, 1);
    std::vector<long double> u, m(50 * 30, 0);
    auto y_at = [&](std::size_t b, std::size_t c) { return std::tanh(static_cast<long double>(S(b, c))) + 1; };
    for (std::size_t a = 0; a < 40; ++a)
        for (std::size_t b = 0; b < 50; ++b)
            for (std::size_t c = 0; c < 70; ++c) u.push_back(std::tanh(static_cast<long double>(B(a, b, c)) * y_at(b, c)));
    for (std::size_t b = 0; b < 50; ++b)
        for (std::size_t j = 0; j < 30; ++j)
            for (std::size_t c = 0; c < 70; ++c) m[b * 30 + j] += y_at(b, c) * static_cast<long double>(W(c, j));
    with_threads([&] {
        const auto [got_u, got_m] = program(s = S, big = B, w = W);
        CHECK(support::largest_error(got_u, u, 1) < 1e-6);
        CHECK(support::largest_error(got_m, m, 10) < 1e-6);
    });
}

TEST_CASE("cuts: batches of a row times a column") {
    constexpr auto a = xg::input<"a">(a_rows, b_rows, 1_c, 40_c);
    constexpr auto b = xg::input<"b">(a_rows, b_rows, 40_c, 1_c);
    constexpr auto c = xg::input<"c">(b_rows, 1_c, 40_c);
    constexpr auto d = xg::input<"d">(b_rows, 40_c, 1_c);
    auto program = xg::compile(matmul(a, b), matmul(c, d)).prepare();
    const auto A = support::uniform<float>({5, 7, 1, 40}, 1, -1, 1), B = support::uniform<float>({5, 7, 40, 1}, 2, -1, 1);
    const auto C = support::uniform<float>({7, 1, 40}, 3, -1, 1), D = support::uniform<float>({7, 40, 1}, 4, -1, 1);
    std::vector<long double> ab(35, 0), cd(7, 0);
    for (std::size_t n = 0; n < 35; ++n)
        for (std::size_t k = 0; k < 40; ++k) ab[n] += static_cast<long double>(A.data()[n * 40 + k]) * static_cast<long double>(B.data()[n * 40 + k]);
    for (std::size_t n = 0; n < 7; ++n)
        for (std::size_t k = 0; k < 40; ++k) cd[n] += static_cast<long double>(C.data()[n * 40 + k]) * static_cast<long double>(D.data()[n * 40 + k]);
    const auto [got_ab, got_cd] = program(a = A, b = B, c = C, d = D);
    CHECK(support::largest_error(got_ab, ab, 10) < 1e-6);
    CHECK(support::largest_error(got_cd, cd, 10) < 1e-6);
}

namespace {
constexpr auto x = xg::input<"x">(a_rows, 24_c);
constexpr auto t = xg::labels<"t">(a_rows, xg::classes(9000_c));
const auto& X() {
    static const auto made = support::uniform<float>({2500, 24}, 1, -1, 1);
    return made;
}
const auto& T() {
    static const auto made = support::random_labels({2500}, 3, 9000);
    return made;
}
}  // namespace

TEST_CASE("cuts: products in panels, then another batch of its own") {
    constexpr auto y = xg::input<"y">(b_rows, 30_c);
    constexpr auto w = xg::parameter<"w">(24_c, 9000_c);
    constexpr auto v = xg::parameter<"v">(30_c, 20_c);
    constexpr auto loss = xg::mean(xg::cross_entropy(matmul(x, w), t)) + xg::mean(square(xg::tanh(matmul(y, v)) - 1_c));
    const auto Y = support::uniform<float>({700, 30}, 5, -1, 1);
    with_threads([&] {
        xg::trainer trainer{loss, xg::sgd{.learning_rate = 1e-2}};  // from zeros: log(9000) + 1
        const double first = trainer.step(x = X(), t = T(), y = Y);
        CHECK(first == Approx(std::log(9000.0) + 1).epsilon(1e-6));
        CHECK(trainer.step(x = X(), t = T(), y = Y) < first);
    });
}

TEST_CASE("cuts: the gradient of a weight in memory that panels read before") {
    constexpr auto w = xg::input<"w">(24_c, 9000_c);
    constexpr auto v = xg::input<"v">(24_c, 9000_c);
    constexpr auto loss = xg::sum(xg::cross_entropy(matmul(x, w) + matmul(x, xg::tanh(v)), t));
    constexpr auto g = xg::gradient(loss, w);
    auto later_read = xg::compile(loss, xg::softmax(0.1_c * g), xg::unfused).prepare();
    auto plain = xg::compile(loss, g).prepare();
    const auto W = support::uniform<float>({24, 9000}, 2, -1, 1), V = support::uniform<float>({24, 9000}, 4, -1, 1);
    with_threads([&] {
        const auto [loss_apart, softmax] = later_read(x = X(), w = W, v = V, t = T());
        const auto [value, gradient] = plain(x = X(), w = W, v = V, t = T());
        CHECK(loss_apart == Approx(value).epsilon(1e-5));
        double worst = 0;
        for (std::size_t i = 0; i < 24; ++i) {
            double sum = 0;
            for (std::size_t j = 0; j < 9000; ++j) sum += std::exp(0.1 * static_cast<double>(gradient(i, j)));
            for (std::size_t j = 0; j < 9000; ++j) worst = std::max(worst, std::abs(std::exp(0.1 * static_cast<double>(gradient(i, j))) / sum - static_cast<double>(softmax(i, j))) * 9000);
        }
        CHECK(worst < 1e-3);
    });
}

TEST_CASE("cuts: a number that is trained beside a product of one column") {
    constexpr auto x = xg::input<"x">(a_rows, 380_c);
    constexpr auto t = xg::input<"t">(a_rows, 1_c);
    constexpr auto w = xg::parameter<"w">(380_c, 1_c);
    constexpr auto b = xg::parameter<"b">(1_c);
    const auto X = support::uniform<float>({4, 380}, 1, -1, 1), T = support::uniform<float>({4, 1}, 2, 0, 1);
    double gradient = 0;
    for (const float target : T) gradient -= 2 * static_cast<double>(target);
    with_threads([&] {
        xg::trainer trainer{sum(square(b + matmul(x, w) - t)), xg::sgd{.learning_rate = 0x1p-10}, xg::seed{0}};
        trainer.step(x = X, t = T);
        CHECK(trainer.parameter("b"_p)(0) == Approx(-0x1p-10 * gradient).epsilon(1e-5));
    });
}
