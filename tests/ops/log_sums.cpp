// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "ops/elementwise_law.hpp"

using namespace laws;

/// logaddexp and logdiffexp: near 0 a result is what two numbers leave, so the bound is relative to the larger of them and 1.
TEMPLATE_TEST_CASE("logaddexp and logdiffexp", "[ops]", float, double) {
    using T = TestType;
    std::vector<T> left, right;
    for (T x : grid<T>())
        for (T y : grid<T>()) left.push_back(x), right.push_back(y);
    for (int i = 0; i < 20'000; ++i) {
        left.push_back(static_cast<T>(40 * std::sin(i)));
        right.push_back(static_cast<T>(left.back() + std::pow(0.999, i) * std::cos(3.0 * i) * 30));
    }
    const auto x = support::vector_of(left), y = support::vector_of(right);
    const auto [sum, difference] = xg::compile<T>(xg::logaddexp(a, b), xg::logdiffexp(a, b))(a = x, b = y);
    double worst = 0;
    for (std::size_t i = 0; i < left.size(); ++i) {
        const real p = left[i], q = right[i], size = std::max({std::abs(p), std::abs(q), 1.0L});
        const real exact = law<xg::logaddexp_op>::value(p, q);
        CAPTURE(left[i], right[i], sum(i), difference(i));
        if (std::isfinite(exact)) {
            worst = std::max(worst, static_cast<double>(std::abs(sum(i) - exact) / support::unit_in_last_place<T>(size)));
        } else {
            CHECK(support::ulps(sum(i), exact) == 0);
        }
        if (!std::isfinite(p) || !std::isfinite(q)) continue;
        if (p < q) CHECK(std::isnan(difference(i)));
        // Of the rounded difference: exact where the two are near each other.
        const real apart = p + law<xg::log1mexp_op>::value(static_cast<T>(q - p));
        if (p >= q) CHECK(support::relative_error(difference(i), apart, std::max(size, std::abs(apart))) <= 4 * support::epsilon<T>);
    }
    CHECK(worst <= 2);
}
TEST_CASE("derivatives of logaddexp, also where both are the same infinity", "[ops]") {
    gradients_hold<xg::logaddexp_op>();
    const double inf = std::numeric_limits<double>::infinity();
    const auto x = support::vector_of(std::vector<double>{-inf, -inf, 3, inf, 2}), y = support::vector_of(std::vector<double>{-inf, 1, -inf, 1, 2});
    const auto [by_a, by_b] = xg::compile<double>(xg::gradient(xg::sum(xg::logaddexp(a, b)), a, b))(a = x, b = y);
    const double expected[] = {0.5, 0, 1, 1, 0.5};
    for (std::size_t i = 0; i < 5; ++i) CHECK((by_a(i) == expected[i] && by_b(i) == 1 - expected[i]));
}
TEST_CASE("xlogy: nothing of nothing", "[ops]") {
    const double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
    const auto x = support::vector_of(std::vector<double>{0, 0, 0, 2, 2, 0, nan}), y = support::vector_of(std::vector<double>{0, inf, -1, 0, 3, nan, 1});
    const auto [value, by_x, by_y] = xg::compile<double>(xg::xlogy(a, b), xg::gradient(xg::sum(xg::xlogy(a, b)), a, b))(a = x, b = y);
    CHECK((value(0) == 0 && value(1) == 0 && value(2) == 0 && value(3) == -inf && value(4) == Approx(2 * std::log(3.0)) && std::isnan(value(5)) && std::isnan(value(6))));
    CHECK((by_x(0) == 0 && by_y(0) == 0 && by_x(4) == Approx(std::log(3.0)) && by_y(4) == Approx(2.0 / 3)));
}
/// An operand that is repeated along axes gets the sum over its copies.
TEST_CASE("derivatives of logaddexp and xlogy by operands of fewer axes", "[ops]") {
    constexpr auto rows = xg::axis<"rows">;
    constexpr auto x = xg::input<"x">(rows, 3_c);
    constexpr auto row = xg::input<"row">(3_c);
    constexpr auto column = xg::input<"column">(rows, 1_c);
    constexpr auto number = xg::scalar<"number">;
    constexpr auto losses = [=](auto... by) { return std::tuple{xg::gradient(xg::sum(xg::square(xg::logaddexp(x, by)) + xg::xlogy(x, by) + xg::xlogy(by, x)), by)...}; };
    const auto program = xg::compile<double>(losses(row, column, number), xg::gradient(xg::sum(xg::logaddexp(column, row)), column, row));
    for (std::size_t r : {1u, 4u, 17u}) {
        CAPTURE(r);
        const auto X = support::uniform<double>({r, 3}, 1, 0.1, 2), C = support::uniform<double>({r, 1}, 2, 0.1, 2);
        const auto R = support::uniform<double>({3}, 3, 0.1, 2);
        const double n = 0.7;
        const auto [by_row, by_column, by_number, outer_column, outer_row] = program(x = X, row = R, column = C, number = n);
        const auto share = [](real p, real q) { return 1 / (1 + std::exp(q - p)); };
        const auto slope = [&](real at, real by) { return 2 * (by + std::log1p(std::exp(at - by))) * share(by, at) + at / by + std::log(at); };
        std::vector<real> wanted_row(3), wanted_column(r), wanted_outer_column(r), wanted_outer_row(3);
        real wanted_number = 0;
        for (std::size_t i = 0; i < r; ++i)
            for (std::size_t j = 0; j < 3; ++j) {
                wanted_row[j] += slope(X(i, j), R(j));
                wanted_column[i] += slope(X(i, j), C(i, 0));
                wanted_number += slope(X(i, j), n);
                wanted_outer_column[i] += share(C(i, 0), R(j));
                wanted_outer_row[j] += share(R(j), C(i, 0));
            }
        CHECK(support::largest_error(by_row, wanted_row, 1) < 1e-14);
        CHECK(support::largest_error(by_column, wanted_column, 1) < 1e-14);
        CHECK(support::relative_error(by_number, wanted_number, std::abs(wanted_number) + 1) < 1e-14);
        CHECK(support::largest_error(outer_column, wanted_outer_column, 1) < 1e-14);
        CHECK(support::largest_error(outer_row, wanted_outer_row, 1) < 1e-14);
    }
}
