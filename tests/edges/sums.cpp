// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "ops/structural.hpp"

using namespace plain;

namespace {
constexpr auto x = xg::input<"x">(rows, columns);
constexpr auto u = xg::input<"u">(rows);
constexpr auto v = xg::input<"v">(columns);
}  // namespace

/// The full sum of operands that vary along different axes.
TEST_CASE("sums over all axes of mixed shapes", "[ops]") {
    auto program = xg::compile<double>(xg::sum(x * v), xg::sum(u * xg::sum(x, columns)), xg::mean(x + v)).prepare();
    for (const auto [r, c] : ragged()) {
        const auto X = support::uniform<double>({r, c}, 20);
        const auto U = support::uniform<double>({r}, 21), V = support::uniform<double>({c}, 22);
        real by_v = 0, by_u = 0, added = 0;
        for (std::size_t i = 0; i < r; ++i)
            for (std::size_t j = 0; j < c; ++j) {
                by_v += static_cast<real>(X(i, j)) * V(j);
                by_u += static_cast<real>(X(i, j)) * U(i);
                added += static_cast<real>(X(i, j)) + V(j);
            }
        const auto [a, b, m] = program(x = X, u = U, v = V);
        CHECK(a == Approx(static_cast<double>(by_v)).epsilon(1e-12).margin(1e-12));
        CHECK(b == Approx(static_cast<double>(by_u)).epsilon(1e-12).margin(1e-12));
        CHECK(m == Approx(static_cast<double>(added / static_cast<real>(r * c))).epsilon(1e-12).margin(1e-12));
    }
}

/// Walked through in an order that is not that of the array: its axes are no one row.
TEST_CASE("sums over all axes of operands that lie turned", "[ops]") {
    constexpr auto a = xg::input<"a">(rows, 2_c, 3_c);
    constexpr auto b = xg::input<"b">(rows, 3_c, 2_c);
    constexpr auto c = xg::input<"c">(3_c, 2_c);
    constexpr auto d = xg::input<"d">(2_c, 3_c);
    constexpr auto one = xg::input<"one">(rows, 1_c, 3_c);
    const auto A = support::uniform<double>({4, 2, 3}, 1), B = support::uniform<double>({4, 3, 2}, 2), One = support::uniform<double>({4, 1, 3}, 5);
    const auto C = support::uniform<double>({3, 2}, 3), D = support::uniform<double>({2, 3}, 4);
    const auto [inner, product, shared, each] =
        xg::compile<double>(xg::sum(xg::transpose(a, xg::axes<0, 2, 1>) * b), a * xg::transpose(c), xg::sum(xg::transpose(c) * d), xg::sum(xg::square(xg::transpose(one, xg::axes<0, 2, 1>))))(
            a = A, b = B, c = C, d = D, one = One);
    real by_b = 0, by_d = 0, squares = 0;
    for (std::size_t j = 0; j < 2; ++j)
        for (std::size_t k = 0; k < 3; ++k) {
            by_d += static_cast<real>(C(k, j)) * D(j, k);
            for (std::size_t i = 0; i < 4; ++i) {
                by_b += static_cast<real>(A(i, j, k)) * B(i, k, j);
                CHECK(product(i, j, k) == A(i, j, k) * C(k, j));
            }
        }
    for (double e : One) squares += static_cast<real>(e) * e;
    CHECK(inner == Approx(static_cast<double>(by_b)).epsilon(1e-13));
    CHECK(shared == Approx(static_cast<double>(by_d)).epsilon(1e-13));
    CHECK(each == Approx(static_cast<double>(squares)).epsilon(1e-13));
}
