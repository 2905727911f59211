// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Of the states and gradients of a loop only some are asked for: those that nobody reads outside must not share memory within it.
#include <xgrad/ops/scan.hpp>
#include <xgrad/show/explain.hpp>

#include "support/catch.hpp"
#include "support/dual.hpp"

#include <sstream>

namespace xg = xgrad;
using namespace xg::literals;
using support::arrays_of, support::far, support::flat, support::slope;

namespace {
constexpr auto batch = xg::axis<"batch">;
constexpr auto steps = xg::axis<"steps">;
constexpr auto u = xg::input<"u">(steps, batch);
constexpr auto weight = xg::input<"weight">(steps, batch);
constexpr auto a = xg::input<"a">(batch);
constexpr auto b = xg::input<"b">(batch);
constexpr auto c = xg::input<"c">(batch);
constexpr auto next = [](auto p, auto q, auto r, auto e) { return std::tuple{p + 0.3_c * q * e, q - 0.2_c * p * r, r + 0.1_c * q * q}; };
constexpr auto states = xg::scan(steps, next, std::tuple{a, b, c}, exp(u));
constexpr auto back = xg::scan_back(steps, next, std::tuple{a, b, c}, exp(u));
/// A pendulum, two states, by Euler's steps.
constexpr auto angle = std::get<0>(xg::scan(steps, [](auto th, auto om, auto) { return std::tuple{th + 0.1_c * om, om - 0.1_c * tanh(th)}; }, std::tuple{a, b}, weight));

/// State number `asked` after each step; arrays: u, a, b, c.
template <std::size_t Asked, bool Backwards>
struct plain {
    std::size_t rows, count;
    template <class R>
    std::vector<R> operator()(const arrays_of<R>& x) const {
        using std::exp;
        std::vector<R> all(rows * count);
        for (std::size_t i = 0; i < rows; ++i) {
            std::array<R, 3> s{x[1][i], x[2][i], x[3][i]};
            for (std::size_t k = 0; k < count; ++k) {
                const std::size_t place = (Backwards ? count - 1 - k : k) * rows + i;
                const R e = exp(x[0][place]);
                s = {s[0] + R(0.3) * s[1] * e, s[1] - R(0.2) * s[0] * s[2], s[2] + R(0.1) * s[1] * s[1]};
                all[place] = s[Asked];
            }
        }
        return all;
    }
};
struct plain_pendulum {
    std::size_t rows, count;
    template <class R>
    std::vector<R> operator()(const arrays_of<R>& x) const {
        using std::tanh;
        std::vector<R> all(rows * count);
        for (std::size_t i = 0; i < rows; ++i) {
            R th = x[0][i], om = x[1][i];
            for (std::size_t k = 0; k < count; ++k) {
                const R before = th;
                all[k * rows + i] = th = th + R(0.1) * om;
                om = om - R(0.1) * tanh(before);
            }
        }
        return all;
    }
};

/// A state alone, and its gradients one by one.
template <std::size_t Asked, bool Backwards>
void check_state() {
    const auto state = std::get<Asked>([] { if constexpr (Backwards) return back; else return states; }());
    const auto loss = xg::sum(state * weight);
    const auto value = xg::compile<double>(state);
    const auto of_u = xg::compile<double>(xg::gradient(loss, u));
    const auto of_a = xg::compile<double>(xg::gradient(loss, a));
    const auto of_b = xg::compile<double>(xg::gradient(loss, b));
    const auto two = xg::compile<double>(xg::gradient(loss, b), xg::gradient(loss, u));
    for (const auto& [rows, count] : {std::array<std::size_t, 2>{1, 5}, {3, 1}, {4, 2}, {2, 7}}) {
        const auto U = support::uniform<double>({count, rows}, 1), W = support::uniform<double>({count, rows}, 2);
        const auto A = support::uniform<double>({rows}, 3), B = support::uniform<double>({rows}, 4), C = support::uniform<double>({rows}, 5);
        const plain<Asked, Backwards> wanted{rows, count};
        const auto given = flat(U, A, B, C);
        const auto asked = [&](const auto& program) { return program(u = U, weight = W, a = A, b = B, c = C); };
        INFO(rows << " rows, " << count << " steps");
        CHECK(far(value(u = U, a = A, b = B, c = C), wanted(given)) < 1e-14);
        CHECK(far(asked(of_u), slope(wanted, given, 0, flat(W)[0])) < 1e-13);
        CHECK(far(asked(of_a), slope(wanted, given, 1, flat(W)[0])) < 1e-13);
        CHECK(far(asked(of_b), slope(wanted, given, 2, flat(W)[0])) < 1e-13);
        CHECK(far(std::get<0>(asked(two)), slope(wanted, given, 2, flat(W)[0])) < 1e-13);
        CHECK(far(std::get<1>(asked(two)), slope(wanted, given, 0, flat(W)[0])) < 1e-13);
    }
}
}  // namespace

TEST_CASE("scan: one of three states alone, and each of its gradients alone", "[ops]") {
    SECTION("the first") { check_state<0, false>(); }
    SECTION("the second") { check_state<1, false>(); }
    SECTION("the last, from the last step") { check_state<2, true>(); }
}

TEST_CASE("scan: a pendulum's angle alone", "[ops]") {
    constexpr auto loss = xg::sum(xg::square(angle) * weight);
    const auto of_a = xg::compile<double>(xg::gradient(loss, a));
    const auto of_b = xg::compile<double>(xg::gradient(loss, b));
    for (const auto& [rows, count] : {std::array<std::size_t, 2>{1, 5}, {3, 2}}) {
        const auto W = support::uniform<double>({count, rows}, 2);
        const auto A = support::uniform<double>({rows}, 3), B = support::uniform<double>({rows}, 4);
        const plain_pendulum wanted{rows, count};
        const auto given = flat(A, B);
        auto slopes = wanted(given);
        for (std::size_t i = 0; i < slopes.size(); ++i) slopes[i] *= 2 * W.data()[i];
        CHECK(far(of_a(weight = W, a = A, b = B), slope(wanted, given, 0, slopes)) < 1e-13);
        CHECK(far(of_b(weight = W, a = A, b = B), slope(wanted, given, 1, slopes)) < 1e-13);
    }
}

TEST_CASE("scan: second derivatives by what a number begins with, unfused and explained too", "[ops]") {
    constexpr auto start = xg::parameter<"start">();
    constexpr auto seen = xg::input<"seen">(steps);
    constexpr auto number = xg::scan(steps, [](auto p, auto) { return p + 0.25_c * p * p; }, start, seen);
    constexpr auto loss = xg::sum(number * seen);
    constexpr auto first = xg::gradient(loss, start);
    constexpr auto second = xg::gradient(first, start);
    const auto S = support::uniform<double>({4}, 1);
    const support::array<double, 0> P(0.5);
    double p = 0.5, p1 = 1, p2 = 0, sum1 = 0, sum2 = 0;
    for (std::size_t k = 0; k < 4; ++k) {
        p2 = p2 + 0.5 * (p1 * p1 + p * p2);
        p1 = p1 + 0.5 * p * p1;
        p = p + 0.25 * p * p;
        sum1 += p1 * S(k);
        sum2 += p2 * S(k);
    }
    CHECK(double(xg::compile<double>(first)(seen = S, start = P)) == Approx(sum1));
    CHECK(double(xg::compile<double>(second)(seen = S, start = P)) == Approx(sum2));
    CHECK(double(xg::compile<double>(second, xg::unfused)(seen = S, start = P)) == Approx(sum2));
    // of numbers, the first and the last step's; backwards too
    constexpr auto last = xg::last_of(number, steps);
    constexpr auto early = xg::first_of(xg::scan_back(steps, [](auto q, auto) { return q + 0.25_c * q * q; }, start, seen), steps);
    const auto [end, slope, begin, one] = xg::compile<double>(last, xg::gradient(last, start), early, xg::gradient(xg::last_of(seen, steps) + xg::first_of(seen, steps), seen))(seen = S, start = P);
    CHECK(end == Approx(p));
    CHECK(slope == Approx(p1));
    CHECK(begin == Approx(p));
    CHECK((one == support::array<double, 1>{1, 0, 0, 1}));
    std::ostringstream text;
    xg::explain(text, xg::compile<double>(first));
    CHECK(text.str().find("loop over steps, from the last") != std::string::npos);
}
