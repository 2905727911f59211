// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "ops/simplex_law.hpp"

using namespace simplex_law;

TEMPLATE_TEST_CASE("entmax15: values, gradient, tangent, second derivative", "[ops]", float, double) {
    // sum(d J c) = sum(s d c) - A B / S with A = sum(s d), B = sum(s c), S = sum(s), c = 2 w s^2; q is its derivative by s, and s moves
    // by half of what x does less the weighted mean of that.
    holds<TestType>(xg::entmax15, {0.5L, [](real m) { return m * m; }, [](real m) { return m; },
                                   [](const numbers_of_row& s, const numbers_of_row& p, const numbers_of_row& w, const numbers_of_row& d) {
                                       real A = 0, B = 0, S = 0, sum_of_q = 0;
                                       for (std::size_t j = 0; j < s.size(); ++j) A += s[j] * d[j], B += s[j] * 2 * w[j] * p[j], S += s[j];
                                       numbers_of_row q;
                                       for (std::size_t j = 0; j < s.size(); ++j) {
                                           q.push_back(s[j] > 0 ? 6 * w[j] * p[j] * (d[j] - A / S) - (d[j] - A / S) * B / S : 0);
                                           sum_of_q += q[j];
                                       }
                                       for (std::size_t j = 0; j < s.size(); ++j) q[j] = (q[j] - s[j] * sum_of_q / S) / 2;
                                       return q;
                                   }});
}

// For (1/2, 1/4) alone: p = m^2, (m - 1/8)^2 with 2 m^2 - m/4 + 1/64 = 1.
TEST_CASE("entmax15: limits", "[ops]") {
    const double m = (0.25 + std::sqrt(0.0625 + 8 * (1 - 1.0 / 64))) / 4;
    limits(xg::entmax15, (m - 0.125) * (m - 0.125));
}

// Two of equal scores have a half each; a third one drops out where it lies sqrt(2) below them, and grows as a square above.
TEST_CASE("entmax15: leaves zeros, and starts from them without a corner", "[ops]") {
    constexpr auto x = xg::input<"x">(rows, 3_c);
    const double edge = -std::sqrt(2.0);
    const array<double, 2> X = {{0, 0, edge - 1e-9}, {0, 0, edge + 1e-3}, {0, 0, edge + 2e-3}};
    const auto y = xg::compile<double>(xg::entmax15(x))(x = X);
    CHECK((y(0, 2) == 0 && y(0, 0) == Approx(0.5).epsilon(1e-15)));
    CHECK(y(1, 2) == Approx(0.25e-6).epsilon(1e-3));
    CHECK(y(2, 2) == Approx(1e-6).epsilon(2e-3));
}
