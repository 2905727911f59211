// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "ops/structural.hpp"

/// sparsemax and its relatives against a search for their threshold by bisection, in long double, and their derivatives against closed forms.
namespace simplex_law {

using namespace plain;
using numbers_of_row = std::vector<real>;

/// What a map is: its scores are scale x, and a score that lies m above the threshold has the probability p(m); s(m) is how fast that grows,
/// in any unit. second(s, p, w, d) is the gradient of sum(d J c) for c = 2 w p, J the derivative.
struct map {
    real scale;
    real (*p)(real);
    real (*s)(real);
    numbers_of_row (*second)(const numbers_of_row& s, const numbers_of_row& p, const numbers_of_row& w, const numbers_of_row& d);
};

/// How far each score of a row is above the threshold that makes the probabilities sum to 1. No sorting here.
inline numbers_of_row above(const map& of, const numbers_of_row& row) {
    real low = of.scale * largest(row) - 1, high = of.scale * largest(row);
    auto over = [&](real tau) {
        numbers_of_row made;
        for (real v : row) made.push_back(std::max(of.scale * v - tau, 0.0L));
        return made;
    };
    auto total = [&](real tau) {
        real t = 0;
        for (real m : over(tau)) t += of.p(m);
        return t;
    };
    for (int i = 0; i < 200; ++i) (total((low + high) / 2) > 1 ? low : high) = (low + high) / 2;
    return over(low);
}
/// s (v - sum(s v) / sum(s)).
inline numbers_of_row along(const numbers_of_row& s, const numbers_of_row& v) {
    real weighted = 0, total = 0;
    for (std::size_t j = 0; j < s.size(); ++j) weighted += s[j] * v[j], total += s[j];
    numbers_of_row made;
    for (std::size_t j = 0; j < s.size(); ++j) made.push_back(s[j] * (v[j] - weighted / total));
    return made;
}
template <class T>
numbers_of_row row_of(const array<T, 2>& x, std::size_t r) {
    return numbers_of_row(x.data() + r * x.shape()[1], x.data() + (r + 1) * x.shape()[1]);
}
template <class A>
void check(const A& got, std::size_t r, const numbers_of_row& exact, real scale, double units) {
    using T = typename A::value_type;
    for (std::size_t j = 0; j < exact.size(); ++j) {
        CAPTURE(j);
        CHECK(support::relative_error(got(r, j), exact[j], scale) <= units * support::epsilon<T>);
    }
}

template <class T, class F>
void holds(F op, const map& of) {
    constexpr auto x = xg::input<"x">(rows, columns);
    constexpr auto w = xg::input<"w">(rows, columns);
    constexpr auto d = xg::input<"d">(rows, columns);
    constexpr auto y = op(x);
    constexpr auto slope = xg::gradient(xg::sum(w * xg::square(y)), x);
    auto program = xg::compile<T>(y, slope, xg::jvp(y, x, d), xg::gradient(xg::sum(d * slope), x)).prepare();
    for (double width : {0.3, 2.0, 30.0})
        for (const auto [r, c] : std::vector<extents>{{1, 1}, {3, 2}, {5, 17}, {2, 300}}) {
            CAPTURE(width, r, c);
            const auto X = support::uniform<T>({r, c}, 1, -width, width), W = support::uniform<T>({r, c}, 2), D = support::uniform<T>({r, c}, 3);
            const auto [p, g, moved, second] = program(x = X, w = W, d = D);
            for (std::size_t i = 0; i < r; ++i) {
                const numbers_of_row weight = row_of(W, i), step = row_of(D, i);
                numbers_of_row exact, s, cotangent;
                for (real m : above(of, row_of(X, i))) exact.push_back(of.p(m)), s.push_back(of.s(m));
                for (std::size_t j = 0; j < c; ++j) cotangent.push_back(2 * weight[j] * exact[j]);
                check(p, i, exact, 1, 1);
                check(g, i, along(s, cotangent), 4, 4);
                check(moved, i, along(s, step), 4, 4);
                check(second, i, of.second(s, exact, weight, step), 16, 4);
                real total = 0;
                for (std::size_t j = 0; j < c; ++j) total += p(i, j);
                CHECK(static_cast<double>(std::abs(total - 1)) <= support::epsilon<T> * static_cast<double>(c));
            }
        }
}

/// Rows whose result is NaN: +inf in them, -inf alone, NaN. Ties share.
template <class F>
void limits(F op, double of_quarter_less) {
    constexpr auto x = xg::input<"x">(rows, 3_c);
    constexpr double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
    const array<double, 2> X = {{0.5, -inf, 0.25}, {1e300, 0, -1e300}, {inf, 0, 0}, {-inf, -inf, -inf}, {0, nan, 0}, {7, 7, 7}};
    const auto y = xg::compile<double>(op(x))(x = X);
    CHECK(y(0, 0) == Approx(1 - of_quarter_less).epsilon(1e-15));
    CHECK(y(0, 1) == 0);
    CHECK(y(0, 2) == Approx(of_quarter_less).epsilon(1e-15));
    CHECK((y(1, 0) == 1 && y(1, 1) == 0 && y(1, 2) == 0));
    for (std::size_t r : {2u, 3u, 4u})
        for (std::size_t j = 0; j < 3; ++j) CHECK(std::isnan(y(r, j)));
    for (std::size_t j = 0; j < 3; ++j) CHECK(y(5, j) == Approx(1.0 / 3).epsilon(1e-15));
}

}  // namespace simplex_law
