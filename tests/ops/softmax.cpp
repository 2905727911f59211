// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "ops/structural.hpp"

using namespace plain;

namespace {
constexpr auto x = xg::input<"x">(rows, columns);
constexpr auto w = xg::input<"w">(rows, columns);
constexpr auto t = xg::input<"t">(rows, columns);

/// sum(w softmax(x)) by x: p (w - sum(w p)).
template <class T>
std::vector<real> softmax_gradient(const array<T, 2>& X, const array<T, 2>& W, int axis) {
    const auto p = softmax(X, axis);
    const std::size_t r = X.shape()[0], c = X.shape()[1];
    std::vector<real> dot(axis ? r : c, 0), made;
    for (std::size_t i = 0; i < r; ++i)
        for (std::size_t j = 0; j < c; ++j) dot[axis ? i : j] += p[i * c + j] * W(i, j);
    for (std::size_t i = 0; i < r; ++i)
        for (std::size_t j = 0; j < c; ++j) made.push_back(p[i * c + j] * (W(i, j) - dot[axis ? i : j]));
    return made;
}
/// sum(w log_softmax(x)) by x: w - p sum(w).
template <class T>
std::vector<real> log_softmax_gradient(const array<T, 2>& X, const array<T, 2>& W, int axis) {
    const auto p = softmax(X, axis);
    const auto total = axis ? by_row(W, sum) : by_column(W, sum);
    return by_element(X, [&](std::size_t i, std::size_t j) { return W(i, j) - p[i * X.shape()[1] + j] * total[axis ? i : j]; });
}
}  // namespace

TEMPLATE_TEST_CASE("softmax over either axis, gradient and jvp", "[ops]", float, double) {
    using T = TestType;
    constexpr auto s1 = xg::softmax(x);
    constexpr auto s0 = xg::softmax(x, rows);
    auto program = xg::compile<T>(s1, s0, xg::gradient(xg::sum(w * s1), x), xg::gradient(xg::sum(w * s0), x), xg::jvp(s1, x, t)).prepare();
    for (const auto [r, c] : ragged()) {
        CAPTURE(r, c);
        const auto X = support::uniform<T>({r, c}, 31, -8, 8), W = support::uniform<T>({r, c}, 32), D = support::uniform<T>({r, c}, 33);
        const auto [p1, p0, d1, d0, moved] = program(x = X, w = W, t = D);
        CHECK(support::largest_error(p1, softmax(X, 1)) <= 24 * support::epsilon<T>);
        CHECK(support::largest_error(p0, softmax(X, 0)) <= 24 * support::epsilon<T>);
        CHECK(support::largest_error(d1, softmax_gradient(X, W, 1), 1) <= 8 * support::epsilon<T>);
        CHECK(support::largest_error(d0, softmax_gradient(X, W, 0), 1) <= 8 * support::epsilon<T>);
        CHECK(support::largest_error(moved, softmax_gradient(X, D, 1), 1) <= 8 * support::epsilon<T>);  // the Jacobian is symmetric
    }
}

TEMPLATE_TEST_CASE("log_softmax over either axis, gradient and jvp", "[ops]", float, double) {
    using T = TestType;
    constexpr auto s1 = xg::log_softmax(x, xg::axes<-1>);
    constexpr auto s0 = xg::log_softmax(x, xg::axes<0>);
    auto program = xg::compile<T>(s1, s0, xg::gradient(xg::sum(w * s1), x), xg::gradient(xg::sum(w * s0), x), xg::jvp(s1, x, t)).prepare();
    for (const auto [r, c] : ragged()) {
        CAPTURE(r, c);
        const auto X = support::uniform<T>({r, c}, 34, -8, 8), W = support::uniform<T>({r, c}, 35), D = support::uniform<T>({r, c}, 36);
        const auto [l1, l0, d1, d0, moved] = program(x = X, w = W, t = D);
        const auto lse1 = by_row(X, logsumexp), lse0 = by_column(X, logsumexp);
        CHECK(support::largest_error(l1, by_element(X, [&](std::size_t i, std::size_t j) { return X(i, j) - lse1[i]; }), 1) <= 8 * support::epsilon<T>);
        CHECK(support::largest_error(l0, by_element(X, [&](std::size_t i, std::size_t j) { return X(i, j) - lse0[j]; }), 1) <= 8 * support::epsilon<T>);
        CHECK(support::largest_error(d1, log_softmax_gradient(X, W, 1), 1) <= 60 * support::epsilon<T>);
        CHECK(support::largest_error(d0, log_softmax_gradient(X, W, 0), 1) <= 60 * support::epsilon<T>);
        const auto p = softmax(X, 1);
        std::vector<real> along(r, 0);
        for (std::size_t i = 0; i < r; ++i)
            for (std::size_t j = 0; j < c; ++j) along[i] += p[i * c + j] * D(i, j);
        CHECK(support::largest_error(moved, by_element(X, [&](std::size_t i, std::size_t j) { return D(i, j) - along[i]; }), 1) <= 8 * support::epsilon<T>);
    }
}

/// The table of gaps: one logit leads nine others by g. Published digits of an issue on another library, and
/// log1p(9 e^-g), 9 e^-g / (1 + 9 e^-g) in long double.
TEST_CASE("a sure model keeps its digits", "[ops]") {
    constexpr auto z = xg::input<"z">(rows, 10_c);
    constexpr auto label = xg::labels<"label">(rows, xg::classes(10_c));
    constexpr auto loss = -xg::pick(xg::log_softmax(z), label);
    const float gaps[] = {10, 16, 20, 80};
    auto Z = support::shaped<float>({4, 10});
    auto L = support::shaped<std::int32_t>({4});
    for (std::size_t r = 0; r < 4; ++r) {
        L(r) = static_cast<std::int32_t>(r);
        Z(r, r) = gaps[r];
    }
    const auto [value, slope] = xg::compile(loss, xg::gradient(xg::sum(loss), z))(z = Z, label = L);
    const double published_loss[] = {4.08516e-4, 1.01282e-6, 1.85504e-8, 1.62437e-34}, published_slope[] = {-4.08432e-4, -1.01282e-6, -1.85504e-8, -1.62437e-34};
    for (std::size_t r = 0; r < 4; ++r) {
        const real others = 9 * std::exp(-static_cast<real>(gaps[r]));
        CAPTURE(gaps[r]);
        CHECK(value(r) == Approx(published_loss[r]).epsilon(5e-6));
        CHECK(slope(r, r) == Approx(published_slope[r]).epsilon(5e-6));
        CHECK(support::relative_error(value(r), std::log1p(others), std::log1p(others)) < 4e-7);
        CHECK(support::relative_error(slope(r, r), -others / (1 + others), others) < 4e-7);
    }
}

TEST_CASE("log_softmax at logits of 1e8, softmax in rows of infinities", "[ops]") {
    const float inf = std::numeric_limits<float>::infinity();
    auto X = support::shaped<float>({4, 3});
    const float given[4][3] = {{1e8f, 1e8f, 1e8f}, {1e8f, 1e8f - 8, -1e8f}, {-inf, 0, 0}, {0, -inf, -inf}};
    for (std::size_t r = 0; r < 4; ++r)
        for (std::size_t c = 0; c < 3; ++c) X(r, c) = given[r][c];
    const auto [l, p] = xg::compile(xg::log_softmax(x), xg::softmax(x))(x = X);
    for (std::size_t c = 0; c < 3; ++c) CHECK(l(0, c) == Approx(-std::log(3.0)).epsilon(1e-6));
    CHECK(l(1, 0) == Approx(-std::log1p(std::exp(-8.0))).epsilon(1e-6));
    CHECK(l(1, 1) == Approx(-8 - std::log1p(std::exp(-8.0))).epsilon(1e-6));
    CHECK(l(1, 2) == Approx(-2e8).epsilon(1e-6));
    CHECK((p(2, 0) == 0 && p(2, 1) == 0.5f && p(2, 2) == 0.5f));
    CHECK((l(2, 0) == -inf && l(3, 0) == 0 && l(3, 1) == -inf));
    CHECK((p(3, 0) == 1 && p(3, 1) == 0 && p(3, 2) == 0));
}
