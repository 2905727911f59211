// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// nt_xent against the definition over all 2 N embeddings as one list, in long double, and against cases that can be done by hand.
#include "nn/closed_form.hpp"

using namespace plain;

namespace {
constexpr auto a = xg::input<"a">(rows, columns);
constexpr auto b = xg::input<"b">(rows, columns);
constexpr auto keep = xg::mask<"keep">(rows);
constexpr auto heat = xg::scalar<"heat">;

struct found {
    std::vector<real> loss;   ///< of each row
    std::vector<real> slope;  ///< of their sum, by the 2 N embeddings one after the other
};
/// In rows of `in` alone; e holds the embeddings of a, then those of b.
found by_definition(const std::vector<std::vector<real>>& e, const std::vector<bool>& in, real temperature) {
    const std::size_t n = e.size() / 2, width = e[0].size();
    std::vector<std::vector<real>> u(e.size());
    std::vector<real> norm(e.size());
    for (std::size_t i = 0; i < e.size(); ++i) {
        for (real v : e[i]) norm[i] += v * v;
        norm[i] = std::sqrt(norm[i]);
        for (real v : e[i]) u[i].push_back(v / norm[i]);
    }
    const auto cosine = [&](std::size_t i, std::size_t j) {
        real s = 0;
        for (std::size_t k = 0; k < width; ++k) s += u[i][k] * u[j][k];
        return s;
    };
    found made{std::vector<real>(n), std::vector<real>(e.size() * width)};
    std::vector<std::vector<real>> by_u(e.size(), std::vector<real>(width));
    for (std::size_t i = 0; i < e.size(); ++i) {
        if (!in[i % n]) continue;
        const std::size_t positive = (i + n) % e.size();
        real total = 0;
        for (std::size_t j = 0; j < e.size(); ++j)
            if (j != i && in[j % n]) total += std::exp((cosine(i, j) - cosine(i, positive)) / temperature);
        made.loss[i % n] += std::log(total) / 2;
        for (std::size_t j = 0; j < e.size(); ++j) {
            if (j == i || !in[j % n]) continue;
            const real by_cosine = (std::exp((cosine(i, j) - cosine(i, positive)) / temperature) / total - (j == positive)) / temperature / 2;
            for (std::size_t k = 0; k < width; ++k) by_u[i][k] += by_cosine * u[j][k], by_u[j][k] += by_cosine * u[i][k];
        }
    }
    for (std::size_t i = 0; i < e.size(); ++i) {  // through u = e / |e|
        real along = 0;
        for (std::size_t k = 0; k < width; ++k) along += by_u[i][k] * u[i][k];
        for (std::size_t k = 0; k < width; ++k) made.slope[i * width + k] = (by_u[i][k] - along * u[i][k]) / norm[i];
    }
    return made;
}
}  // namespace

TEMPLATE_TEST_CASE("nt_xent: value and gradient through the norms", "[nn]", float, double) {
    using T = TestType;
    constexpr auto loss = xg::nt_xent(a, b, xg::temperature(heat), xg::row_mask(keep));
    const auto program = xg::compile<T>(loss, xg::gradient(xg::sum(loss), a, b));
    for (const auto [n, width] : std::vector<extents>{{1, 3}, {2, 1}, {5, 4}, {33, 17}}) {
        CAPTURE(n, width);
        auto A = support::uniform<T>({n, width}, 1, -2, 2), B = support::uniform<T>({n, width}, 2, -2, 2);
        auto Keep = support::shaped<bool>({n});
        std::vector<bool> in;
        for (std::size_t i = 0; i < n; ++i) in.push_back(Keep(i) = i % 4 != 2);
        std::vector<std::vector<real>> e;
        for (const auto* x : {&A, &B})
            for (std::size_t i = 0; i < n; ++i) e.emplace_back(x->data() + i * width, x->data() + (i + 1) * width);
        const found all = by_definition(e, std::vector<bool>(n, true), 0.5L), some = by_definition(e, in, 0.0625L);
        const auto check = [&](const found& exact, double temperature, double units) {
            const auto [value, by_a, by_b] = program(a = A, b = B, keep = Keep, heat = T(temperature));
            for (std::size_t i = 0; i < n; ++i) CHECK(support::relative_error(value(i), exact.loss[i], exact.loss[i]) <= units * support::epsilon<T>);
            for (std::size_t i = 0; i < n * width; ++i) {
                CAPTURE(i);
                CHECK(support::relative_error(by_a.data()[i], exact.slope[i], 1) <= units * support::epsilon<T>);
                CHECK(support::relative_error(by_b.data()[i], exact.slope[n * width + i], 1) <= units * support::epsilon<T>);
            }
        };
        check(some, 0.0625, 100);  // an ulp of a cosine is 16 of the exponent
        for (std::size_t i = 2; i < n; i += 4) A(i, 0) = B(i, 0) = std::numeric_limits<T>::quiet_NaN();
        check(some, 0.0625, 100);
        for (std::size_t i = 2; i < n; i += 4) A(i, 0) = static_cast<T>(e[i][0]), B(i, 0) = static_cast<T>(e[n + i][0]);
        Keep.fill(true);
        check(all, 0.5, 16);
    }
}

TEST_CASE("nt_xent: by hand", "[nn]") {
    constexpr auto value = xg::nt_xent(a, b);
    const auto program = xg::compile<float>(value, xg::gradient(xg::sum(value), a));
    // Views of one direction each, at right angles to the other's: 2 of the others at cosine 0. e^(-1 / 0.07) is 6e-7: p - 1 would be 0.
    const support::array<float, 2> A = {{3, 0}, {0, 0.5f}}, B = {{1, 0}, {0, 4}};
    const auto [loss, by_a] = program(a = A, b = B);
    for (std::size_t i : {0u, 1u}) CHECK(loss(i) == Approx(std::log1p(2 * std::exp(-1 / 0.07))).epsilon(3e-6));
    // a_0 turns towards a_1 and b_1: its own term and those of both others' views each give q / T / 2 there, q = e^(-1 / T) / (1 + 2 e^(-1 / T)).
    const double q = std::exp(-1 / 0.07) / (1 + 2 * std::exp(-1 / 0.07));
    CHECK(by_a(0, 0) == Approx(0).margin(1e-10));
    CHECK(by_a(0, 1) == Approx(4 * q / 0.07 / 2 / 3).epsilon(1e-5));
    // One row has no others; a vector of zeros is at right angles to all.
    const support::array<float, 2> one = {{1, 2}}, zero = {{0, 0}};
    const auto [alone, slope] = program(a = one, b = one);
    CHECK((alone(0) == 0 && slope(0, 0) == 0 && slope(0, 1) == 0));
    const auto [of_zero, by_zero] = program(a = zero, b = one);
    CHECK((of_zero(0) == 0 && by_zero(0, 0) == 0));
    const support::array<float, 2> with_zero = {{0, 0}, {0, 1}};
    const auto [level, by_level] = program(a = with_zero, b = B);
    CHECK(level(0) == Approx(std::log(3.0)).epsilon(1e-6));
    for (float s : by_level) CHECK(std::isfinite(s));
}
