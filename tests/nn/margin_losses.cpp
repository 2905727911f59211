// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "nn/closed_form.hpp"

using namespace plain;
using closed_form::softplus;

namespace {
constexpr auto x = xg::input<"x">(rows);
constexpr auto y = xg::input<"y">(rows);
constexpr auto a = xg::input<"a">(rows, 6_c);
constexpr auto b = xg::input<"b">(rows, 6_c);
constexpr auto c = xg::input<"c">(rows, 6_c);
constexpr auto slope(auto loss) { return xg::gradient(xg::sum(loss), x); }
constexpr auto by(auto loss, auto by_what) { return xg::gradient(xg::sum(loss), by_what); }

using vector6 = std::array<real, 6>;
vector6 row_of(const array<double, 2>& m, std::size_t i) {
    vector6 r{};
    for (std::size_t k = 0; k < 6; ++k) r[k] = m(i, k);
    return r;
}
vector6 minus(const vector6& u, const vector6& w, real epsilon = 0) {
    vector6 r{};
    for (std::size_t k = 0; k < 6; ++k) r[k] = u[k] - w[k] + epsilon;
    return r;
}
real norm(const vector6& u, real p) {
    real total = 0;
    for (real v : u) total += std::pow(std::fabs(v), p);
    return std::pow(total, 1 / p);
}
/// d |u|_p / d u_k, 0 at 0.
real norm_slope(const vector6& u, real p, std::size_t k) {
    const real n = norm(u, p);
    return n == 0 || u[k] == 0 ? 0 : closed_form::sign(u[k]) * std::pow(std::fabs(u[k]) / n, p - 1);
}
real cosine(const vector6& u, const vector6& w) {
    real dot = 0;
    for (std::size_t k = 0; k < 6; ++k) dot += u[k] * w[k];
    return dot / (std::fmax(norm(u, 2), 1e-8L) * std::fmax(norm(w, 2), 1e-8L));
}
/// 1 - cosine of vectors of some length, without a difference of nearly equal numbers.
real cosine_distance(const vector6& u, const vector6& w) {
    if (norm(u, 2) <= 1e-8L || norm(w, 2) <= 1e-8L) return 1 - cosine(u, w);
    real total = 0;
    for (std::size_t k = 0; k < 6; ++k) total += std::pow(u[k] / norm(u, 2) - w[k] / norm(w, 2), 2.0L) / 2;
    return total;
}
real cosine_slope(const vector6& u, const vector6& w, std::size_t k) {
    const real n = std::fmax(norm(u, 2), 1e-8L), m = std::fmax(norm(w, 2), 1e-8L);
    return (w[k] / m - (norm(u, 2) > 1e-8L ? cosine(u, w) * u[k] / n : 0)) / n;
}
}  // namespace

TEST_CASE("hinges of two numbers", "[nn]") {
    using T = float;
    const closed_form::pairs<T> at({0, 1e-8, 0.25, 0.5, 1, 1.5, 1e4, 1e30, INFINITY, -1e-8, -0.25, -0.5, -1, -1.5, -1e4, -1e30, -INFINITY}, {-1, 1});
    constexpr auto hinge = xg::hinge(x, y);
    constexpr auto squared = xg::squared_hinge(x, y);
    constexpr auto perceptron = xg::perceptron(x, y);
    constexpr auto embedding = xg::hinge_embedding(x, y, xg::margin(0.5_c));
    constexpr auto ranking = xg::margin_ranking(x, 1_c - x, y, xg::margin(0.25_c));
    const auto [f, df, g, dg, h, dh, k, dk, l, dl] = xg::compile<T>(hinge, slope(hinge), squared, slope(squared), perceptron, slope(perceptron), embedding, slope(embedding),
                                                                   ranking, slope(ranking))(x = at.x, y = at.y);
    closed_form::check(at, {"hinge", [](real v, real t) { return std::fmax(1 - t * v, 0.0L); }, [](real v, real t) { return t * v < 1 ? -t : 0; }}, f, df, 1);
    closed_form::check(at, {"squared_hinge", [](real v, real t) { return t * v < 1 ? (1 - t * v) * (1 - t * v) : 0; }, [](real v, real t) { return t * v < 1 ? -2 * t * (1 - t * v) : 0; }},
                       g, dg, 2);
    closed_form::check(at, {"perceptron", [](real v, real t) { return std::fmax(-t * v, 0.0L); }, [](real v, real t) { return t * v < 0 ? -t : 0; }}, h, dh, 0);
    closed_form::check(at, {"hinge_embedding", [](real v, real t) { return t > 0 ? v : std::fmax(0.5L - v, 0.0L); }, [](real v, real t) { return t > 0 ? 1 : v < 0.5L ? -1.0L : 0.0L; }},
                       k, dk, 1);
    closed_form::check(at, {"margin_ranking", [](real v, real t) { return std::fmax(0.25L - t * (v - (1 - v)), 0.0L); },
                            [](real v, real t) { return std::isinf(v) ? std::numeric_limits<real>::quiet_NaN() : t * (v - (1 - v)) < 0.25L ? -2 * t : 0; }}, l, dl, 1e9);
}

TEST_CASE("triplets: degrees 1, 2 and 3, the swap, and equal vectors without NaN", "[nn]") {
    constexpr std::size_t n = 9;
    auto A = support::uniform<double>({n, 6}, 1), B = support::uniform<double>({n, 6}, 2), C = support::uniform<double>({n, 6}, 3);
    for (std::size_t k = 0; k < 6; ++k) B(0, k) = C(0, k) = A(0, k), B(1, k) = A(1, k), C(2, k) = A(2, k) - 1e-6;
    constexpr auto plain_loss = xg::triplet_margin(a, b, c);
    constexpr auto swapped = xg::triplet_margin(a, b, c, xg::distance_swap, xg::margin(0.5_c), xg::norm_degree(1_c));
    constexpr auto third = xg::triplet_margin(a, b, c, xg::norm_degree(3_c), xg::epsilon(0_c));
    const auto [f, fa, fb, fc, g, ga, gb, gc, h, ha, hb, hc] =
        xg::compile<double>(plain_loss, by(plain_loss, a), by(plain_loss, b), by(plain_loss, c), swapped, by(swapped, a), by(swapped, b), by(swapped, c), third, by(third, a),
                            by(third, b), by(third, c))(a = A, b = B, c = C);
    for (std::size_t i = 0; i < n; ++i) {
        CAPTURE(i);
        const vector6 u = row_of(A, i), p = row_of(B, i), q = row_of(C, i);
        const vector6 up = minus(u, p, 1e-6L), uq = minus(u, q, 1e-6L), pq = minus(p, q, 1e-6L), up0 = minus(u, p), uq0 = minus(u, q);
        const real loss = norm(up, 2) - norm(uq, 2) + 1, cube = norm(up0, 3) - norm(uq0, 3) + 1;
        const bool swaps = norm(pq, 1) <= norm(uq, 1);  // a tie goes to the second
        const real swap = norm(up, 1) - std::fmin(norm(uq, 1), norm(pq, 1)) + 0.5L;
        CHECK(support::relative_error(f(i), std::fmax(loss, 0.0L), 5) <= 1e-15);
        CHECK(support::relative_error(g(i), std::fmax(swap, 0.0L), 20) <= 1e-15);
        CHECK(support::relative_error(h(i), std::fmax(cube, 0.0L), 5) <= 1e-15);
        for (std::size_t k = 0; k < 6; ++k) {
            // Where two vectors are equal the rounding of their difference decides the direction; only finite is asked for.
            CHECK((std::isfinite(fa(i, k)) && std::isfinite(ga(i, k)) && std::isfinite(ha(i, k))));
            if (i == 2) continue;
            const real on = loss > 0, swap_on = swap > 0, cube_on = cube > 0;
            CHECK(support::relative_error(fa(i, k), on * (norm_slope(up, 2, k) - norm_slope(uq, 2, k)), 1) <= 1e-9);
            CHECK(support::relative_error(fb(i, k), -on * norm_slope(up, 2, k), 1) <= 1e-9);
            CHECK(support::relative_error(fc(i, k), on * norm_slope(uq, 2, k), 1) <= 1e-9);
            CHECK(support::relative_error(ga(i, k), swap_on * (norm_slope(up, 1, k) - (swaps ? 0 : norm_slope(uq, 1, k))), 1) <= 1e-14);
            CHECK(support::relative_error(gb(i, k), swap_on * (-norm_slope(up, 1, k) - (swaps ? norm_slope(pq, 1, k) : 0)), 1) <= 1e-14);
            CHECK(support::relative_error(gc(i, k), swap_on * norm_slope(swaps ? pq : uq, 1, k), 1) <= 1e-14);
            CHECK(support::relative_error(ha(i, k), cube_on * (norm_slope(up0, 3, k) - norm_slope(uq0, 3, k)), 1) <= 1e-14);
            CHECK(support::relative_error(hb(i, k), -cube_on * norm_slope(up0, 3, k), 1) <= 1e-14);
            CHECK(support::relative_error(hc(i, k), cube_on * norm_slope(uq0, 3, k), 1) <= 1e-14);
        }
    }
}

TEST_CASE("cosines: similarity, distance with digits near 0, embedding; zero vectors without NaN", "[nn]") {
    constexpr std::size_t n = 9;
    auto A = support::uniform<double>({n, 6}, 1), B = support::uniform<double>({n, 6}, 2);
    auto Y = support::shaped<double>({n});
    for (std::size_t i = 0; i < n; ++i) Y(i) = i % 2 ? -1 : 1;
    for (std::size_t k = 0; k < 6; ++k) A(0, k) = 0, B(0, k) = 0, A(1, k) = 0, B(2, k) = 3 * A(2, k) + (k == 1 ? 1e-7 : 0), B(4, k) = -A(4, k), A(6, k) *= 1e-12;
    constexpr auto similarity = xg::cosine_similarity(a, b);
    constexpr auto distance = xg::cosine_distance(a, b);
    constexpr auto embedding = xg::cosine_embedding(a, b, y, xg::margin(0.1_c));
    const auto [f, fa, g, ga, gb, h, ha] = xg::compile<double>(similarity, by(similarity, a), distance, by(distance, a), by(distance, b), embedding, by(embedding, a))(a = A, b = B, y = Y);
    for (std::size_t i = 0; i < n; ++i) {
        CAPTURE(i);
        const vector6 u = row_of(A, i), w = row_of(B, i);
        const real exact = cosine(u, w), one = 1 / std::fmax(norm(u, 2), 1e-8L), other = 1 / std::fmax(norm(w, 2), 1e-8L);
        CHECK(support::relative_error(f(i), exact, 1) <= 1e-15);
        CHECK(support::relative_error(g(i), cosine_distance(u, w), i == 2 ? cosine_distance(u, w) : 1) <= (i == 2 ? 1e-7 : 1e-15));  // row 2: 5e-16
        const real wanted = Y(i) > 0 ? 1 - exact : std::fmax(exact - 0.1L, 0.0L), sign = Y(i) > 0 ? -1 : exact > 0.1L;
        CHECK(support::relative_error(h(i), wanted, 1) <= 1e-15);
        for (std::size_t k = 0; k < 6; ++k) {
            CHECK(support::relative_error(fa(i, k), cosine_slope(u, w, k), one) <= 1e-14);
            CHECK(support::relative_error(ga(i, k), -cosine_slope(u, w, k), one) <= 1e-14);
            CHECK(support::relative_error(gb(i, k), -cosine_slope(w, u, k), other) <= 1e-14);
            CHECK(support::relative_error(ha(i, k), sign * cosine_slope(u, w, k), one) <= 1e-14);
        }
    }
}

TEST_CASE("rows of classes: multilabel margins and the circle loss", "[nn]") {
    constexpr std::size_t n = 8;
    auto A = support::uniform<double>({n, 6}, 1, -1, 1), B = support::shaped<double>({n, 6});
    const auto W = support::uniform<double>({6}, 4, 0.5, 2);
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t k = 0; k < 6; ++k) B(i, k) = i == 0 ? 0 : i == 1 ? 1 : (i * 7 + k * 5) % 3 == 0;
    constexpr auto w = xg::input<"w">(6_c);
    constexpr auto margin = xg::multilabel_margin(a, b);
    constexpr auto soft = xg::multilabel_soft_margin(a, b, xg::weight(w));
    constexpr auto circle = xg::circle(a, b, xg::gamma(8_c));
    const auto [f, df, g, dg, h, dh] = xg::compile<double>(margin, by(margin, a), soft, by(soft, a), circle, by(circle, a))(a = A, b = B, w = W);
    for (std::size_t i = 0; i < n; ++i) {
        CAPTURE(i);
        real pairs = 0, logistic = 0, lse_p = 0, lse_n = 0;
        vector6 counts{}, terms{};
        for (std::size_t j = 0; j < 6; ++j) {
            const real s = A(i, j);
            logistic += W(j) * softplus(B(i, j) > 0 ? -s : s) / 6;
            terms[j] = std::exp(8 * (B(i, j) > 0 ? std::fmax(1.4L - s, 0.0L) * (0.6L - s) : std::fmax(s + 0.4L, 0.0L) * (s - 0.4L)));
            (B(i, j) > 0 ? lse_p : lse_n) += terms[j];
            for (std::size_t k = 0; k < 6; ++k)
                if (B(i, j) > 0 && B(i, k) == 0 && 1 - (s - A(i, k)) > 0) pairs += (1 - (s - A(i, k))) / 6, counts[k] += 1.0L / 6, counts[j] -= 1.0L / 6;
        }
        CHECK(support::relative_error(f(i), pairs, pairs + 1) <= 1e-15);
        CHECK(support::relative_error(g(i), logistic, logistic) <= 1e-15);
        CHECK(support::relative_error(h(i), std::log1p(lse_p * lse_n), 10) <= 1e-14);
        for (std::size_t k = 0; k < 6; ++k) {
            const real s = A(i, k), share = lse_p * lse_n / (1 + lse_p * lse_n), side = B(i, k) > 0 ? lse_p : lse_n;
            const real by_s = B(i, k) > 0 ? (s < 1.4L ? 8 * (2 * s - 2) : 0) : s > -0.4L ? 16 * s : 0;
            CHECK(support::relative_error(df(i, k), counts[k], 1) <= 1e-15);
            CHECK(support::relative_error(dg(i, k), W(k) * (closed_form::sigmoid(s) - B(i, k)) / 6, 1) <= 1e-15);
            CHECK(support::relative_error(dh(i, k), side > 0 ? share * terms[k] / side * by_s : 0, 16) <= 1e-14);
        }
    }
}
