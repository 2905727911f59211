// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// sparsemax against a search for its threshold by bisection, in long double, and its derivative against the closed form.
#include "ops/structural.hpp"

using namespace plain;

namespace {
/// max(x - tau, 0) with sum 1, tau by bisection: no sorting here.
std::vector<real> nearest(const std::vector<real>& row) {
    real low = largest(row) - 1, high = largest(row);
    auto total = [&](real tau) {
        real s = 0;
        for (real v : row) s += std::max(v - tau, 0.0L);
        return s;
    };
    for (int i = 0; i < 200; ++i) (total((low + high) / 2) > 1 ? low : high) = (low + high) / 2;
    std::vector<real> made;
    for (real v : row) made.push_back(std::max(v - low, 0.0L));
    return made;
}
}  // namespace

TEMPLATE_TEST_CASE("sparsemax: values, gradient, tangent, second derivative", "[ops]", float, double) {
    using T = TestType;
    constexpr auto x = xg::input<"x">(rows, columns);
    constexpr auto w = xg::input<"w">(rows, columns);
    constexpr auto d = xg::input<"d">(rows, columns);
    constexpr auto y = xg::sparsemax(x);
    constexpr auto slope = xg::gradient(xg::sum(w * xg::square(y)), x);
    auto program = xg::compile<T>(y, slope, xg::jvp(y, x, d), xg::gradient(xg::sum(d * slope), x)).prepare();
    for (double width : {0.3, 2.0, 30.0})
        for (const auto [r, c] : std::vector<extents>{{1, 1}, {3, 2}, {5, 17}, {2, 300}}) {
            CAPTURE(width, r, c);
            const auto X = support::uniform<T>({r, c}, 1, -width, width), W = support::uniform<T>({r, c}, 2), D = support::uniform<T>({r, c}, 3);
            const auto [p, g, moved, second] = program(x = X, w = W, d = D);
            for (std::size_t i = 0; i < r; ++i) {
                std::vector<real> row;
                for (std::size_t j = 0; j < c; ++j) row.push_back(X(i, j));
                const std::vector<real> exact = nearest(row);
                // J v = v - mean of v over the support; the cotangents are 2 w p, then 2 w J d.
                auto project = [&](auto v) {
                    real mean = 0, count = 0;
                    for (std::size_t j = 0; j < c; ++j)
                        if (exact[j] > 0) mean += v(j), ++count;
                    mean /= count;
                    std::vector<real> made;
                    for (std::size_t j = 0; j < c; ++j) made.push_back(exact[j] > 0 ? v(j) - mean : 0);
                    return made;
                };
                const auto dx = project([&](std::size_t j) { return 2 * static_cast<real>(W(i, j)) * exact[j]; });
                const auto dy = project([&](std::size_t j) { return static_cast<real>(D(i, j)); });
                const auto hessian = project([&](std::size_t j) { return 2 * static_cast<real>(W(i, j)) * dy[j]; });
                real sum_of_it = 0;
                for (std::size_t j = 0; j < c; ++j) {
                    sum_of_it += p(i, j);
                    CHECK(support::relative_error(p(i, j), exact[j], 1) <= support::epsilon<T>);
                    CHECK(support::relative_error(g(i, j), dx[j], 4) <= 4 * support::epsilon<T>);
                    CHECK(support::relative_error(moved(i, j), dy[j], 4) <= 4 * support::epsilon<T>);
                    CHECK(support::relative_error(second(i, j), hessian[j], 16) <= 4 * support::epsilon<T>);
                }
                CHECK(static_cast<double>(std::abs(sum_of_it - 1)) <= support::epsilon<T> * static_cast<double>(c));
            }
        }
}

TEST_CASE("sparsemax: limits", "[ops]") {
    constexpr auto x = xg::input<"x">(rows, 3_c);
    constexpr double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
    const array<double, 2> X = {{0.5, -inf, 0.25}, {1e300, 0, -1e300}, {inf, 0, 0}, {-inf, -inf, -inf}, {0, nan, 0}, {7, 7, 7}};
    const auto y = xg::compile<double>(xg::sparsemax(x))(x = X);
    CHECK(y(0, 0) == 0.625);
    CHECK(y(0, 1) == 0);
    CHECK(y(0, 2) == 0.375);
    CHECK((y(1, 0) == 1 && y(1, 1) == 0 && y(1, 2) == 0));
    for (std::size_t r : {2u, 3u, 4u})
        for (std::size_t j = 0; j < 3; ++j) CHECK(std::isnan(y(r, j)));
    CHECK(y(5, 0) == Approx(1.0 / 3).epsilon(1e-15));
}
