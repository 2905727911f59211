// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "ops/structural.hpp"

using namespace plain;

namespace {
constexpr auto x = xg::input<"x">(rows, columns);
constexpr auto u = xg::input<"u">(rows);
constexpr auto v = xg::input<"v">(columns);
constexpr auto t = xg::input<"t">(rows, columns);

/// Errors are measured against the size of what was summed.
template <class T>
constexpr double tolerance = 4 * support::epsilon<T>;
template <class T>
void close(const array<T, 1>& got, const std::vector<real>& exact, const std::vector<real>& scale) {
    REQUIRE(got.size() == exact.size());
    for (std::size_t i = 0; i < exact.size(); ++i) CHECK(support::relative_error(got(i), exact[i], scale[i]) <= tolerance<T> * 4);
}
}  // namespace

TEMPLATE_TEST_CASE("sums, means and maxima over each axis and over all", "[ops]", float, double) {
    using T = TestType;
    auto program = xg::compile<T>(xg::sum(x, xg::axes<1>), xg::sum(x, xg::axes<-2>), xg::mean(x, columns), xg::mean(x, rows), xg::max(x, xg::axes<-1>), xg::max(x, xg::axes<0>),
                                  xg::sum(x), xg::mean(x), xg::max(x)).prepare();
    for (const auto [r, c] : ragged()) {
        CAPTURE(r, c);
        const auto X = support::uniform<T>({r, c}, 11);
        const auto [sum1, sum0, mean1, mean0, max1, max0, total, average, peak] = program(x = X);
        const auto exact1 = by_row(X, sum), exact0 = by_column(X, sum), size1 = by_row(X, size), size0 = by_column(X, size);
        close<T>(sum1, exact1, size1);
        close<T>(sum0, exact0, size0);
        auto divided = [](std::vector<real> a, std::size_t n) {
            for (real& e : a) e /= static_cast<real>(n);
            return a;
        };
        close<T>(mean1, divided(exact1, c), divided(size1, c));
        close<T>(mean0, divided(exact0, r), divided(size0, r));
        const auto top1 = by_row(X, largest), top0 = by_column(X, largest);
        for (std::size_t i = 0; i < r; ++i) CHECK(static_cast<real>(max1(i)) == top1[i]);
        for (std::size_t i = 0; i < c; ++i) CHECK(static_cast<real>(max0(i)) == top0[i]);
        CHECK(support::relative_error(total, sum(exact1), size(size1)) <= tolerance<T>);
        CHECK(support::relative_error(average, sum(exact1) / static_cast<real>(r * c), size(size1) / static_cast<real>(r * c)) <= tolerance<T>);
        CHECK(static_cast<real>(peak) == largest(top1));
    }
}

TEMPLATE_TEST_CASE("gradients of sums, means and maxima", "[ops]", float, double) {
    using T = TestType;
    constexpr auto of_sum = xg::gradient(xg::sum(u * xg::sum(x * x, xg::axes<1>)), x);
    constexpr auto of_mean = xg::gradient(xg::sum(v * xg::mean(x * x, rows)), x);
    constexpr auto of_max1 = xg::gradient(xg::sum(u * xg::max(x, xg::axes<1>)), x);
    constexpr auto of_max0 = xg::gradient(xg::sum(v * xg::max(x, xg::axes<0>)), x);
    auto program = xg::compile<T>(of_sum, of_mean, of_max1, of_max0).prepare();
    for (const auto [r, c] : ragged()) {
        CAPTURE(r, c);
        auto X = support::uniform<T>({r, c}, 12);
        if (c > 2) X(0, 1) = X(0, 2) = T{5};  // a tie: two elements share the gradient
        const auto U = support::uniform<T>({r}, 13), V = support::uniform<T>({c}, 14);
        const auto [ds, dm, d1, d0] = program(x = X, u = U, v = V);
        const auto top1 = by_row(X, largest), top0 = by_column(X, largest);
        auto ties = [](const std::vector<real>& a) {
            const real m = largest(a);
            return static_cast<real>(std::count(a.begin(), a.end(), m));
        };
        const auto ties1 = by_row(X, ties), ties0 = by_column(X, ties);
        double worst = 0;
        for (std::size_t i = 0; i < r; ++i)
            for (std::size_t j = 0; j < c; ++j) {
                const real value = X(i, j), wu = U(i), wv = V(j);
                const real row_hit = value == top1[i] ? wu / ties1[i] : 0, column_hit = value == top0[j] ? wv / ties0[j] : 0;
                worst = std::max({worst, support::relative_error(ds(i, j), 2 * wu * value, std::abs(2 * wu * value)),
                                  support::relative_error(dm(i, j), 2 * wv * value / static_cast<real>(r), std::abs(2 * wv * value) / static_cast<real>(r)),
                                  support::relative_error(d1(i, j), row_hit, std::abs(wu)), support::relative_error(d0(i, j), column_hit, std::abs(wv))});
            }
        CHECK(worst <= tolerance<T>);
    }
}

TEMPLATE_TEST_CASE("logsumexp over each axis, its gradient and jvp", "[ops]", float, double) {
    using T = TestType;
    constexpr auto l1 = xg::logsumexp(x, xg::axes<-1>);
    constexpr auto l0 = xg::logsumexp(x, rows);
    auto program = xg::compile<T>(l1, l0, xg::gradient(xg::sum(u * l1), x), xg::gradient(xg::sum(v * l0), x), xg::jvp(l1, x, t)).prepare();
    for (const auto [r, c] : ragged()) {
        CAPTURE(r, c);
        const auto X = support::uniform<T>({r, c}, 15, -30, 30), D = support::uniform<T>({r, c}, 16);
        const auto U = support::uniform<T>({r}, 17), V = support::uniform<T>({c}, 18);
        const auto [a1, a0, d1, d0, moved] = program(x = X, u = U, v = V, t = D);
        CHECK(support::largest_error(a1, by_row(X, logsumexp), 1) <= tolerance<T> * 4);
        CHECK(support::largest_error(a0, by_column(X, logsumexp), 1) <= tolerance<T> * 4);
        auto p1 = softmax(X, 1), p0 = softmax(X, 0);
        std::vector<real> along(r, 0);
        for (std::size_t i = 0; i < r; ++i)
            for (std::size_t j = 0; j < c; ++j) {
                along[i] += p1[i * c + j] * D(i, j);
                p1[i * c + j] *= U(i);
                p0[i * c + j] *= V(j);
            }
        // e^(x - max) is as exact as x - max, whose rounding is up to 60 units of 1.
        CHECK(support::largest_error(d1, p1, 1e-30L) <= 60 * support::epsilon<T>);
        CHECK(support::largest_error(d0, p0, 1e-30L) <= 60 * support::epsilon<T>);
        CHECK(support::largest_error(moved, along, 1) <= tolerance<T> * 4);
    }
}

TEST_CASE("limits of logsumexp and max", "[ops]") {
    const float inf = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
    auto X = support::shaped<float>({5, 3});
    const float given[5][3] = {{-inf, -inf, -inf}, {-inf, 0, -inf}, {1e30f, 0, -1e30f}, {nan, 0, 1}, {-1e30f, -1e30f, -1e30f}};
    for (std::size_t r = 0; r < 5; ++r)
        for (std::size_t c = 0; c < 3; ++c) X(r, c) = given[r][c];
    const auto [l, m] = xg::compile(xg::logsumexp(x, columns), xg::max(x, columns))(x = X);
    CHECK(l(0) == -inf);
    CHECK(l(1) == 0);
    CHECK(l(2) == 1e30f);
    CHECK(std::isnan(l(3)));
    CHECK(l(4) == -1e30f);
    CHECK(m(0) == -inf);
    CHECK(std::isnan(m(3)));
}

/// Sums over two axes of three, in every pair, and over the outer ones with operands of different shapes.
TEST_CASE("reductions over several axes", "[ops]") {
    constexpr auto depth = xg::axis<"depth">;
    constexpr auto y = xg::input<"y">(depth, rows, columns);
    auto program = xg::compile<double>(xg::sum(y, xg::axes<0, 1>), xg::sum(y, xg::axes<1, 2>), xg::sum(y, xg::axes<0, 2>), xg::max(y, xg::axes<1, 2>), xg::sum(y, rows),
                                       xg::mean(y, depth, columns)).prepare();
    for (const auto& [d, r, c] : std::vector<std::array<std::size_t, 3>>{{1, 1, 1}, {2, 3, 5}, {3, 1, 17}, {5, 7, 1}, {2, 13, 65}}) {
        CAPTURE(d, r, c);
        const auto Y = support::uniform<double>({d, r, c}, 19);
        const auto [s01, s12, s02, m12, s1, m02] = program(y = Y);
        std::vector<real> e01(c, 0), e12(d, 0), e02(r, 0), top(d, -support::infinity), e1(d * c, 0);
        for (std::size_t i = 0; i < d; ++i)
            for (std::size_t j = 0; j < r; ++j)
                for (std::size_t k = 0; k < c; ++k) {
                    e01[k] += Y(i, j, k);
                    e12[i] += Y(i, j, k);
                    e02[j] += Y(i, j, k);
                    e1[i * c + k] += Y(i, j, k);
                    top[i] = std::max(top[i], static_cast<real>(Y(i, j, k)));
                }
        CHECK(support::largest_error(s01, e01, 1) <= 1e-14);
        CHECK(support::largest_error(s12, e12, 1) <= 1e-13);
        CHECK(support::largest_error(s02, e02, 1) <= 1e-13);
        CHECK(support::largest_error(s1, e1, 1) <= 1e-14);
        CHECK(support::largest_error(m12, top) == 0);
        for (real& e : e02) e /= static_cast<real>(d * c);
        CHECK(support::largest_error(m02, e02, 1) <= 1e-14);
    }
}
