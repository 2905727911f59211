// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "ops/structural.hpp"

using namespace plain;

namespace {
constexpr auto x = xg::input<"x">(rows, columns);
constexpr auto u = xg::input<"u">(rows);
constexpr auto v = xg::input<"v">(columns);
constexpr auto column = xg::input<"column">(rows, 1_c);
constexpr auto w = xg::input<"w">(rows, columns);
}  // namespace

TEST_CASE("broadcast and transpose: values and gradients", "[ops]") {
    constexpr auto spread_row = xg::broadcast(v, rows, columns);
    constexpr auto spread_column = xg::broadcast(column, rows, columns);
    constexpr auto turned = xg::transpose(x);
    constexpr auto wt = xg::input<"wt">(columns, rows);
    auto program = xg::compile<double>(spread_row, spread_column, turned, xg::gradient(xg::sum(w * spread_row), v), xg::gradient(xg::sum(w * spread_column), column),
                                       xg::gradient(xg::sum(wt * turned), x)).prepare();
    for (const auto [r, c] : ragged()) {
        CAPTURE(r, c);
        const auto X = support::uniform<double>({r, c}, 81), W = support::uniform<double>({r, c}, 82), WT = support::uniform<double>({c, r}, 83);
        const auto V = support::uniform<double>({c}, 84);
        const auto C = support::uniform<double>({r, 1}, 85);
        const auto [sr, sc, t, dv, dc, dx] = program(x = X, v = V, column = C, w = W, wt = WT);
        bool equal = t.shape()[0] == c && t.shape()[1] == r;
        for (std::size_t i = 0; i < r; ++i)
            for (std::size_t j = 0; j < c; ++j) equal = equal && sr(i, j) == V(j) && sc(i, j) == C(i, 0) && t(j, i) == X(i, j) && dx(i, j) == WT(j, i);
        CHECK(equal);
        CHECK(support::largest_error(dv, by_column(W, sum), 1) <= 1e-14);
        CHECK(support::largest_error(dc, by_row(W, sum), 1) <= 1e-13);
    }
}

TEST_CASE("operators broadcast as NumPy does, and their gradients sum back", "[ops]") {
    constexpr auto f = (x + v) * column - xg::maximum(x, column) / (2_c + xg::square(v));
    auto program = xg::compile<double>(f, xg::gradient(xg::sum(f * w), x, v, column)).prepare();
    for (const auto [r, c] : ragged()) {
        CAPTURE(r, c);
        const auto X = support::uniform<double>({r, c}, 86), W = support::uniform<double>({r, c}, 87);
        const auto V = support::uniform<double>({c}, 88);
        const auto C = support::uniform<double>({r, 1}, 89);
        std::vector<real> value, dx, dv(c, 0), dc(r, 0);
        for (std::size_t i = 0; i < r; ++i)
            for (std::size_t j = 0; j < c; ++j) {
                const real a = X(i, j), b = V(j), k = C(i, 0), top = std::max(a, k), below = 2 + b * b, g = W(i, j);
                value.push_back((a + b) * k - top / below);
                dx.push_back(g * (k - (a > k ? 1 / below : 0)));
                dv[j] += g * (k + top * 2 * b / (below * below));
                dc[i] += g * (a + b - (a > k ? 0 : 1 / below));
            }
        const auto [got, gx, gv, gc] = program(x = X, v = V, column = C, w = W);
        CHECK(support::largest_error(got, value, 1) <= 1e-14);
        CHECK(support::largest_error(gx, dx, 1) <= 1e-14);
        CHECK(support::largest_error(gv, dv, 1) <= 1e-13);
        CHECK(support::largest_error(gc, dc, 1) <= 1e-12);
    }
}

TEST_CASE("transposes of three axes", "[ops]") {
    constexpr auto depth = xg::axis<"depth">;
    constexpr auto y = xg::input<"y">(depth, rows, columns);
    auto program = xg::compile<double>(xg::transpose(y), xg::transpose(y, xg::axes<2, 0, 1>), xg::transpose(xg::transpose(y, xg::axes<1, 2, 0>), xg::axes<2, 0, 1>)).prepare();
    for (const auto& [d, r, c] : std::vector<std::array<std::size_t, 3>>{{1, 1, 1}, {2, 3, 5}, {3, 1, 17}, {4, 7, 16}}) {
        const auto Y = support::uniform<double>({d, r, c}, 90);
        const auto [last, turned, back] = program(y = Y);
        bool equal = turned.shape()[0] == c && turned.shape()[1] == d && turned.shape()[2] == r;
        for (std::size_t i = 0; i < d; ++i)
            for (std::size_t j = 0; j < r; ++j)
                for (std::size_t k = 0; k < c; ++k) equal = equal && last(i, k, j) == Y(i, j, k) && turned(k, i, j) == Y(i, j, k) && back(i, j, k) == Y(i, j, k);
        CHECK(equal);
    }
}

TEST_CASE("select: what is not chosen has no influence, not even as NaN", "[ops]") {
    constexpr auto m = xg::mask<"m">(rows, columns);
    constexpr auto chosen = xg::select(m, xg::log(x), v);
    auto program = xg::compile<double>(chosen, xg::gradient(xg::sum(w * chosen), x, v)).prepare();
    for (const auto [r, c] : ragged()) {
        CAPTURE(r, c);
        const auto X = support::uniform<double>({r, c}, 91, -1, 1), W = support::uniform<double>({r, c}, 92);
        const auto V = support::uniform<double>({c}, 93);
        auto M = support::shaped<bool>({r, c});
        std::vector<real> value, dx, dv(c, 0);
        for (std::size_t i = 0; i < r; ++i)
            for (std::size_t j = 0; j < c; ++j) {
                M(i, j) = X(i, j) > 0;
                value.push_back(M(i, j) ? std::log(static_cast<real>(X(i, j))) : V(j));
                dx.push_back(M(i, j) ? static_cast<real>(W(i, j)) / X(i, j) : 0);
                dv[j] += M(i, j) ? 0 : W(i, j);
            }
        const auto [got, gx, gv] = program(m = M, x = X, v = V, w = W);
        CHECK(support::largest_error(got, value, 1) <= 1e-15);
        CHECK(support::largest_error(gx, dx, 1e-300L) <= 1e-15);
        CHECK(support::largest_error(gv, dv, 1) <= 1e-14);
    }
}

TEST_CASE("stop_gradient is the identity with no derivative", "[ops]") {
    constexpr auto f = xg::sum(w * x * xg::stop_gradient(xg::exp(x)));
    constexpr auto direction = xg::input<"direction">(rows, columns);
    const auto X = support::uniform<double>({3, 17}, 94), W = support::uniform<double>({3, 17}, 95), D = support::uniform<double>({3, 17}, 96);
    const auto [value, slope, moved] = xg::compile<double>(f, xg::gradient(f, x), xg::jvp(f, x, direction))(x = X, w = W, direction = D);
    real exact = 0, along = 0;
    for (std::size_t i = 0; i < X.size(); ++i) {
        const real e = std::exp(static_cast<real>(X.data()[i])), g = W.data()[i] * e;
        exact += g * X.data()[i];
        along += g * D.data()[i];
        CHECK(slope.data()[i] == Approx(static_cast<double>(g)).epsilon(1e-14));
    }
    CHECK(value == Approx(static_cast<double>(exact)).epsilon(1e-13));
    CHECK(moved == Approx(static_cast<double>(along)).epsilon(1e-13));
}
