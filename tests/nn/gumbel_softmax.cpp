// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "ops/structural.hpp"

using namespace plain;

namespace {
constexpr auto x = xg::input<"x">(rows, 4_c);
constexpr auto w = xg::input<"w">(rows, 4_c);
constexpr auto heat = xg::scalar<"heat">;
constexpr auto layer = xg::gumbel_softmax<"g">(heat);
}  // namespace

TEST_CASE("gumbel_softmax: numbers of Gumbel's distribution, and softmax's of logits they are added to", "[nn]") {
    constexpr auto y = xg::training(layer(x));
    constexpr std::size_t n = 20000;
    const auto X = support::uniform<double>({n, 4}, 1, -2, 2), W = support::uniform<double>({n, 4}, 2);
    const auto program = xg::compile<double>(y, xg::gradient(xg::sum(w * y), x), xg::random_gumbel<"g">(x), layer(x));
    const auto [p, slope, noise, still] = program(x = X, w = W, heat = 0.5, xg::random_seed = 9);
    double mean = 0, squares = 0, below_0 = 0;
    for (double v : noise) mean += v / (4 * n), squares += v * v / (4 * n), below_0 += v < 0;
    // 80000 draws: three standard deviations are 0.014, 0.05 and 0.0051. Euler's constant, pi^2 / 6, 1 / e.
    CHECK(mean == Approx(0.5772156649).margin(0.014));
    CHECK(squares - mean * mean == Approx(1.6449340668).margin(0.05));
    CHECK(below_0 / (4 * n) == Approx(0.3678794412).margin(0.0051));
    for (std::size_t r = 0; r < n; ++r) {
        std::vector<real> moved, plainly;
        for (std::size_t c = 0; c < 4; ++c) moved.push_back((static_cast<real>(X(r, c)) + noise(r, c)) / 0.5L), plainly.push_back(X(r, c) / 0.5L);
        real along = 0;
        for (std::size_t c = 0; c < 4; ++c) along += W(r, c) * std::exp(moved[c] - logsumexp(moved));
        bool right = true;
        for (std::size_t c = 0; c < 4; ++c) {
            const real exact = std::exp(moved[c] - logsumexp(moved));
            right = right && support::relative_error(p(r, c), exact, 1) <= 1e-14 && support::relative_error(slope(r, c), exact * (W(r, c) - along) / 0.5L, 1) <= 1e-14;
            right = right && support::relative_error(still(r, c), std::exp(plainly[c] - logsumexp(plainly)), 1) <= 1e-14;
        }
        if (!right) FAIL_CHECK("row " << r);
    }
    STATIC_REQUIRE(xg::same(layer(x), xg::tempered_softmax(x, heat)));
}

TEST_CASE("gumbel_softmax: the largest is a class as often as softmax says, and comes near 1 as t falls", "[nn]") {
    constexpr auto y = xg::training(layer(x));
    constexpr std::size_t n = 50000;
    auto X = support::shaped<float>({n, 4});
    const double logits[] = {0, 1, -1, 2};
    for (std::size_t r = 0; r < n; ++r)
        for (std::size_t c = 0; c < 4; ++c) X(r, c) = static_cast<float>(logits[c]);
    const auto [hits, p] = xg::compile(xg::sum(xg::hardmax(y), xg::axes<0>), y)(x = X, heat = 0.1f, xg::random_seed = 4);
    const double total = 1 + std::exp(1.0) + std::exp(-1.0) + std::exp(2.0);
    // Three standard deviations of a share are at most 0.0067.
    for (std::size_t c = 0; c < 4; ++c) CHECK(hits(c) / n == Approx(std::exp(logits[c]) / total).margin(0.0067));
    std::size_t sure = 0;
    for (std::size_t r = 0; r < n; ++r) sure += *std::max_element(&p(r, 0), &p(r, 0) + 4) > 0.9f;
    // The two largest of x + G differ by more than 0.22 in most rows.
    CHECK(sure > n * 4 / 5);
}
