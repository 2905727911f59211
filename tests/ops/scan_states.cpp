// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Loops whose states are several, ignored, only moved, or handed from one loop to the next; loops over other axes and in other directions
// side by side.
#include <xgrad/ops/scan.hpp>

#include "support/catch.hpp"
#include "support/dual.hpp"

namespace xg = xgrad;
using namespace xg::literals;
using support::far, support::flat, support::slope;

namespace {
constexpr auto batch = xg::axis<"batch">;
constexpr auto steps = xg::axis<"steps">;
constexpr auto x = xg::input<"x">(batch, steps, 2_c);
constexpr auto v = xg::input<"v">(batch, steps, 2_c);
constexpr auto a0 = xg::input<"a0">(batch, 2_c);
constexpr auto b0 = xg::input<"b0">(batch, 2_c);
constexpr auto U = xg::parameter<"U">(2_c, 2_c);
constexpr auto zero = xg::broadcast(0_c, batch, 2_c);

/// A plain loop: `next(states, element, step)` at every step of each row; gives the states' numbers, one state after the other in [batch, steps, 2].
template <bool Backwards, std::size_t States, class Next>
struct loop {
    std::size_t b, t;
    Next next;
    template <class R>
    std::vector<std::vector<R>> all(const support::arrays_of<R>& a) const {
        std::vector<std::vector<R>> made(States, std::vector<R>(b * t * 2));
        for (std::size_t i = 0; i < b; ++i) {
            std::array<std::array<R, 2>, States> state{};
            for (std::size_t s = 0; s < States; ++s)
                for (std::size_t j = 0; j < 2; ++j) state[s][j] = a[1 + s][i * 2 + j];
            for (std::size_t k = 0; k < t; ++k) {
                const std::size_t place = (i * t + (Backwards ? t - 1 - k : k)) * 2;
                state = next(state, std::array<R, 2>{a[0][place], a[0][place + 1]}, a);
                for (std::size_t s = 0; s < States; ++s)
                    for (std::size_t j = 0; j < 2; ++j) made[s][place + j] = state[s][j];
            }
        }
        return made;
    }
    template <class R>
    std::vector<R> operator()(const support::arrays_of<R>& a) const {
        return all(a)[0];
    }
};
template <bool Backwards = false, std::size_t States = 1>
auto plain_loop(std::size_t b, std::size_t t, auto next) {
    return loop<Backwards, States, decltype(next)>{b, t, next};
}
struct sizes {
    std::size_t b, t;
};
constexpr sizes several[] = {{1, 1}, {2, 1}, {1, 2}, {3, 2}, {2, 3}, {5, 7}};
}  // namespace

TEST_CASE("scan: states that are only moved", "[ops]") {
    // In the order of the states and against it: what comes out is the element of one or two steps before.
    constexpr auto one = xg::scan(steps, [](auto, auto e) { return e; }, a0, x);
    constexpr auto lag = xg::scan(steps, [](auto a, auto, auto e) { return std::tuple{e, a}; }, std::tuple{a0, b0}, x);
    constexpr auto gal = xg::scan(steps, [](auto, auto a, auto e) { return std::tuple{a, e}; }, std::tuple{b0, a0}, x);
    constexpr auto before = std::get<1>(lag);
    constexpr auto again = std::get<0>(gal);
    constexpr auto after = std::get<0>(xg::scan_back(steps, [](auto, auto a, auto e) { return std::tuple{a, e}; }, std::tuple{b0, a0}, x));
    constexpr auto kept = xg::scan(steps, [](auto a, auto) { return a; }, a0, x);
    constexpr auto loss = xg::sum(before * v * x);
    constexpr auto loss_again = xg::sum(again * v * x);
    constexpr auto loss_after = xg::sum(after * v * x);
    constexpr auto loss_kept = xg::sum(kept * v * x);
    const auto fused = xg::compile<double>(one, before, again, after, kept, xg::gradient(loss, x), xg::gradient(loss_again, x), xg::gradient(loss_after, x), xg::gradient(loss, a0),
                                           xg::gradient(loss, b0), xg::gradient(loss_again, a0), xg::gradient(loss_again, b0), xg::gradient(loss_after, a0), xg::gradient(loss_after, b0),
                                           xg::gradient(loss_kept, a0));
    for (const auto [b, t] : several) {
        const auto X = support::uniform<double>({b, t, 2}, 1), V = support::uniform<double>({b, t, 2}, 2);
        const auto A = support::uniform<double>({b, 2}, 3), B = support::uniform<double>({b, 2}, 4);
        const auto got = fused(x = X, v = V, a0 = A, b0 = B);
        // What stands before the sequence, then x.
        const auto at = [&](std::size_t i, std::ptrdiff_t k, std::size_t j) { return k < -1 ? B(i, j) : k < 0 ? A(i, j) : X(i, static_cast<std::size_t>(k), j); };
        bool right[15];
        std::fill(std::begin(right), std::end(right), true);
        for (std::size_t i = 0; i < b; ++i)
            for (std::size_t j = 0; j < 2; ++j) {
                const auto last = static_cast<std::ptrdiff_t>(t) - 1;
                double slope_a = 0, slope_kept = 0;
                for (std::ptrdiff_t k = 0; k <= last; ++k) {
                    const auto s = static_cast<std::size_t>(k);
                    // `before` after step k is the first state after step k - 1: x[k - 1], or a0.
                    const auto mirrored = [&](std::ptrdiff_t m) { return m > last ? A(i, j) : X(i, static_cast<std::size_t>(m), j); };
                    right[0] = right[0] && std::get<0>(got)(i, s, j) == X(i, s, j);
                    right[1] = right[1] && std::get<1>(got)(i, s, j) == at(i, k - 1, j);
                    right[2] = right[2] && std::get<2>(got)(i, s, j) == at(i, k - 1, j);
                    right[3] = right[3] && std::get<3>(got)(i, s, j) == mirrored(k + 1);
                    right[4] = right[4] && std::get<4>(got)(i, s, j) == A(i, j);
                    const double later = k < last ? V(i, s + 1, j) * X(i, s + 1, j) : 0, sooner = k > 0 ? V(i, s - 1, j) * X(i, s - 1, j) : 0;
                    const double wanted = V(i, s, j) * at(i, k - 1, j) + later, wanted_after = V(i, s, j) * mirrored(k + 1) + sooner;
                    right[5] = right[5] && std::abs(std::get<5>(got)(i, s, j) - wanted) < 1e-14;
                    right[6] = right[6] && std::abs(std::get<6>(got)(i, s, j) - wanted) < 1e-14;
                    right[7] = right[7] && std::abs(std::get<7>(got)(i, s, j) - wanted_after) < 1e-14;
                    slope_kept += V(i, s, j) * X(i, s, j);
                }
                slope_a = V(i, 0, j) * X(i, 0, j);
                right[8] = right[8] && std::abs(std::get<8>(got)(i, j) - slope_a) < 1e-14;
                right[9] = right[9] && std::get<9>(got)(i, j) == 0;
                right[10] = right[10] && std::abs(std::get<10>(got)(i, j) - slope_a) < 1e-14;
                right[11] = right[11] && std::get<11>(got)(i, j) == 0;
                right[12] = right[12] && std::abs(std::get<12>(got)(i, j) - V(i, t - 1, j) * X(i, t - 1, j)) < 1e-14;
                right[13] = right[13] && std::get<13>(got)(i, j) == 0;
                right[14] = right[14] && std::abs(std::get<14>(got)(i, j) - slope_kept) < 1e-13;
            }
        for (int k = 0; k < 15; ++k) {
            INFO(b << " rows, " << t << " steps, result " << k);
            CHECK(right[k]);
        }
    }
}

TEST_CASE("scan: states that need each other, and what is made of them by other loops", "[ops]") {
    constexpr auto pair = xg::scan(steps, [](auto a, auto b, auto e) {
        const auto next = tanh(matmul(b, U) + e);
        return std::tuple{next, tanh(matmul(next * a, U)) + e};
    }, std::tuple{a0, b0}, x);
    constexpr auto a = std::get<0>(pair);
    constexpr auto b = std::get<1>(pair);
    constexpr auto shifted = xg::scan(steps, [](auto, auto s, auto e) { return std::tuple{e, s}; }, std::tuple{zero, zero}, a);
    constexpr auto delayed = xg::scan_back(steps, [](auto, auto p, auto e) { return std::tuple{p, e * 1_c}; }, std::tuple{b0, a0}, a);
    constexpr auto sums = xg::scan_back(steps, [](auto s, auto e, auto d) { return s * d + e; }, a0, a, b);  // of both, the other way
    constexpr auto loss = xg::sum(sums * v) + xg::sum(std::get<0>(delayed) * v) + xg::sum(std::get<0>(shifted) * v);
    const auto program = xg::compile<double>(a, b, std::get<0>(delayed), sums, loss, xg::gradient(loss, x), xg::gradient(loss, a0), xg::gradient(loss, b0), xg::gradient(loss, U));
    const auto unfused = xg::compile<double>(a, b, std::get<0>(delayed), sums, loss, xg::gradient(loss, x), xg::gradient(loss, a0), xg::gradient(loss, b0), xg::gradient(loss, U), xg::unfused);
    for (const auto [rows, t] : several) {
        const auto cell = [](const auto& s, const auto& e, const auto& g) {
            using std::tanh;
            auto made = s;
            for (std::size_t j = 0; j < 2; ++j) made[0][j] = tanh(s[1][0] * g[3][j] + s[1][1] * g[3][2 + j] + e[j]);
            for (std::size_t j = 0; j < 2; ++j) made[1][j] = tanh(made[0][0] * s[0][0] * g[3][j] + made[0][1] * s[0][1] * g[3][2 + j]) + e[j];
            return made;
        };
        const auto both = plain_loop<false, 2>(rows, t, cell);
        const auto plain_delayed = [&, n = rows, m = t](const auto& g) {
            auto made = both(g);
            const auto from = made;
            for (std::size_t i = 0; i < n; ++i)
                for (std::size_t k = 0; k < m; ++k)
                    for (std::size_t j = 0; j < 2; ++j) made[(i * m + k) * 2 + j] = k + 1 < m ? from[(i * m + k + 1) * 2 + j] : g[1][i * 2 + j];
            return made;
        };
        const auto plain_sums = [&, n = rows, m = t](const auto& g) {
            const auto made = both.all(g);
            auto result = made[0];
            for (std::size_t i = 0; i < n; ++i)
                for (std::size_t j = 0; j < 2; ++j) {
                    auto s = g[1][i * 2 + j];
                    for (std::size_t k = m; k-- > 0;) {
                        const std::size_t p = (i * m + k) * 2 + j;
                        result[p] = s = s * made[1][p] + made[0][p];
                    }
                }
            return result;
        };
        const auto total = [&](const auto& g) {
            auto made = plain_sums(g);
            const auto more = plain_delayed(g), shift = both(g);
            for (std::size_t i = 0; i < made.size(); ++i) made[i] = made[i] + more[i] + shift[i];
            return made;
        };
        const auto X = support::uniform<double>({rows, t, 2}, 1), V = support::uniform<double>({rows, t, 2}, 2);
        const auto A = support::uniform<double>({rows, 2}, 3), B = support::uniform<double>({rows, 2}, 4), w = support::uniform<double>({2, 2}, 5);
        const auto given = flat(X, A, B, w);
        const auto holds = [&](const auto& got) {
            CHECK(far(std::get<0>(got), both.all(given)[0]) < 1e-14);
            CHECK(far(std::get<1>(got), both.all(given)[1]) < 1e-14);
            CHECK(far(std::get<2>(got), plain_delayed(given)) < 1e-14);
            CHECK(far(std::get<3>(got), plain_sums(given)) < 1e-13);
            for (std::size_t k = 0; k < 4; ++k) {
                INFO("gradient " << k);
                const auto wanted = slope(total, given, k, flat(V)[0]);
                CHECK((k == 0 ? far(std::get<5>(got), wanted) : k == 1 ? far(std::get<6>(got), wanted) : k == 2 ? far(std::get<7>(got), wanted) : far(std::get<8>(got), wanted)) < 1e-12);
            }
        };
        INFO(rows << " rows, " << t << " steps");
        holds(program(x = X, v = V, a0 = A, b0 = B, U = w));
        holds(unfused(x = X, v = V, a0 = A, b0 = B, U = w));
    }
}

TEST_CASE("scan: a state that is ignored, a number, and loops that only begin alike", "[ops]") {
    constexpr auto ignored = xg::scan(steps, [](auto, auto e) { return exp(e); }, a0, x);
    constexpr auto fixed = xg::scan(steps, [](auto, auto) { return xg::broadcast(2.5_c, steps, batch, 2_c); }, a0, x);
    constexpr auto added = xg::scan(steps, [](auto s, auto e) { return s + e; }, a0, x);
    constexpr auto taken = xg::scan(steps, [](auto s, auto e) { return s - e; }, a0, x);
    constexpr auto back = xg::scan_back(steps, [](auto s, auto e) { return s + e; }, a0, x);
    constexpr auto from_half = xg::scan(steps, [](auto s, auto e) { return s + e; }, xg::broadcast(0.5_c, batch, 2_c), x);
    constexpr auto from_turned = xg::scan(steps, [](auto s, auto e) { return s + e; }, xg::reverse(a0), x);
    static_assert(!xg::same(added, taken) && !xg::same(added, back) && !xg::same(added, from_half) && xg::same(added, xg::scan(steps, [](auto s, auto e) { return s + e; }, a0, x)));
    static_assert(!xg::same(added, std::get<0>(xg::scan(steps, [](auto s, auto d, auto e) { return std::tuple{s + e, d}; }, std::tuple{a0, b0}, x)) * 2_c));
    constexpr auto loss = xg::sum(ignored * v) + xg::sum(fixed * v) + xg::sum(xg::square(added) * v) + xg::sum(xg::square(taken) * v) + xg::sum(back * v) + xg::sum(from_half * from_turned * v);
    const auto program = xg::compile<double>(ignored, fixed, added, taken, back, from_half, from_turned, xg::gradient(loss, x), xg::gradient(loss, a0));
    for (const auto [b, t] : several) {
        const auto X = support::uniform<double>({b, t, 2}, 1), V = support::uniform<double>({b, t, 2}, 2);
        const auto A = support::uniform<double>({b, 2}, 3);
        const auto got = program(x = X, v = V, a0 = A);
        const auto plus = [](const auto& s, const auto& e, const auto&) {
            auto made = s;
            for (std::size_t j = 0; j < 2; ++j) made[0][j] = s[0][j] + e[j];
            return made;
        };
        const auto minus = [](const auto& s, const auto& e, const auto&) {
            auto made = s;
            for (std::size_t j = 0; j < 2; ++j) made[0][j] = s[0][j] - e[j];
            return made;
        };
        const auto up = plain_loop(b, t, plus);
        const auto down = plain_loop(b, t, minus);
        const auto other = plain_loop<true>(b, t, plus);
        const auto half = [&](auto g) {
            for (auto& number : g[1]) number = 0.5;
            return up(g);
        };
        const auto turned = [&](auto g) {
            for (std::size_t i = 0; i + 1 < g[1].size(); i += 2) std::swap(g[1][i], g[1][i + 1]);
            return up(g);
        };
        const auto exponentials = [](const auto& g) {
            auto made = g[0];
            for (auto& e : made) e = exp(e);
            return made;
        };
        const auto total = [&](const auto& g) {
            auto made = exponentials(g);
            const auto one = up(g), two = down(g), three = other(g), four = half(g), five = turned(g);
            for (std::size_t i = 0; i < made.size(); ++i) made[i] = made[i] + one[i] * one[i] + two[i] * two[i] + three[i] + four[i] * five[i];
            return made;
        };
        const auto given = flat(X, A);
        INFO(b << " rows, " << t << " steps");
        CHECK(far(std::get<0>(got), exponentials(given)) < 1e-14);
        CHECK(far(std::get<1>(got), std::vector<double>(b * t * 2, 2.5)) == 0);
        CHECK(far(std::get<2>(got), up(given)) < 1e-14);
        CHECK(far(std::get<3>(got), down(given)) < 1e-14);
        CHECK(far(std::get<4>(got), other(given)) < 1e-14);
        CHECK(far(std::get<5>(got), half(given)) < 1e-14);
        CHECK(far(std::get<6>(got), turned(given)) < 1e-14);
        CHECK(far(std::get<7>(got), slope(total, given, 0, flat(V)[0])) < 1e-13);
        CHECK(far(std::get<8>(got), slope(total, given, 1, flat(V)[0])) < 1e-13);
    }
}

TEST_CASE("scan: what loops begin with and what they move, made by kernels that run in panels", "[ops]") {
    constexpr auto f = xg::input<"f">(batch, 40_c);
    constexpr auto wide = xg::input<"wide">(steps, batch, 40_c);
    constexpr auto first = xg::sin(xg::exp(f) * f);
    constexpr auto turned = xg::sin(xg::square(wide) - wide);
    constexpr auto sums = xg::scan(steps, [](auto s, auto e) { return s * 0.5_c + e; }, first, wide);
    constexpr auto moved = std::get<0>(xg::scan_back(steps, [](auto, auto a, auto e) { return std::tuple{a, e}; }, std::tuple{first, first}, turned));
    constexpr auto after = xg::sum(xg::cos(moved) * sums, xg::axes<2>);
    const auto program = xg::compile<double>(after);
    for (const auto [t, b] : {sizes{3, 700}, sizes{90, 30}, sizes{2, 2}}) {
        const auto F = support::uniform<double>({b, 40}, 1);
        const auto X = support::uniform<double>({t, b, 40}, 2);
        std::vector<double> wanted(t * b);
        for (std::size_t i = 0; i < b; ++i)
            for (std::size_t j = 0; j < 40; ++j) {
                const double start = std::sin(std::exp(F(i, j)) * F(i, j));
                double state = start;
                for (std::size_t k = 0; k < t; ++k) {
                    const double next = k + 1 < t ? std::sin(X(k + 1, i, j) * X(k + 1, i, j) - X(k + 1, i, j)) : start;
                    state = state * 0.5 + X(k, i, j);
                    wanted[k * b + i] += std::cos(next) * state;
                }
            }
        INFO(b << " rows, " << t << " steps");
        CHECK(far(program(f = F, wide = X), wanted) < 1e-13);
    }
}

TEST_CASE("scan: a loop begins with the last state of another one over another axis; a gradient by what a loop makes", "[ops]") {
    constexpr auto places = xg::axis<"places">;
    constexpr auto y = xg::input<"y">(places, batch, 2_c);
    constexpr auto w = xg::input<"w">(places, batch, 2_c);
    constexpr auto cell = [](auto s, auto e) { return tanh(matmul(s, U) + e) * e; };
    constexpr auto encoded = xg::scan(steps, cell, a0, x);
    constexpr auto decoded = xg::scan_back(places, cell, xg::last_of(encoded, steps) * 2_c, y);
    constexpr auto loss = xg::sum(decoded * w) + xg::sum(xg::first_of(encoded, steps));
    // By what the first loop makes: the second one alone.
    const auto program = xg::compile<double>(decoded, xg::gradient(loss, x), xg::gradient(loss, y), xg::gradient(loss, a0), xg::gradient(loss, U), xg::gradient(loss, encoded));
    for (const auto [b, t] : several) {
        const std::size_t n = 8 - t;
        const auto X = support::uniform<double>({b, t, 2}, 1), Y = support::uniform<double>({n, b, 2}, 2), V = support::uniform<double>({n, b, 2}, 3);
        const auto A = support::uniform<double>({b, 2}, 4), u = support::uniform<double>({2, 2}, 5);
        const auto next = [](const auto& s, const auto& e, const auto& g) {
            using std::tanh;
            auto made = s;
            for (std::size_t j = 0; j < 2; ++j) made[0][j] = tanh(s[0][0] * g[2][j] + s[0][1] * g[2][2 + j] + e[j]) * e[j];
            return made;
        };
        const auto encode = plain_loop(b, t, next);
        // Decoded from all states of the encoder; arrays: those states, unused, U, y. Results: decoded, then the first state.
        const auto decode = [&, rows = b, count = t](const auto& g) {
            auto made = g[3];
            for (std::size_t i = 0; i < rows; ++i) {
                std::array<std::array<std::remove_cvref_t<decltype(made[0])>, 2>, 1> state;
                for (std::size_t j = 0; j < 2; ++j) state[0][j] = g[0][((i + 1) * count - 1) * 2 + j] + g[0][((i + 1) * count - 1) * 2 + j];
                for (std::size_t k = n; k-- > 0;) {
                    const std::size_t p = (k * rows + i) * 2;
                    state = next(state, std::array{g[3][p], g[3][p + 1]}, g);
                    for (std::size_t j = 0; j < 2; ++j) made[p + j] = state[0][j];
                }
            }
            for (std::size_t i = 0; i < rows; ++i)
                for (std::size_t j = 0; j < 2; ++j) made.push_back(g[0][i * count * 2 + j]);
            return made;
        };
        const auto all = [&](auto g) {
            g[0] = encode(g);
            return decode(g);
        };
        auto weights = flat(V)[0];
        weights.resize(weights.size() + b * 2, 1.0);
        const auto given = flat(X, A, u, Y);
        auto from_states = given;
        from_states[0] = encode(given);
        const auto got = program(x = X, y = Y, w = V, a0 = A, U = u);
        auto wanted = all(given);
        wanted.resize(n * b * 2);
        INFO(b << " rows, " << t << " steps");
        CHECK(far(std::get<0>(got), wanted) < 1e-14);
        CHECK(far(std::get<1>(got), slope(all, given, 0, weights)) < 1e-12);
        CHECK(far(std::get<2>(got), slope(all, given, 3, weights)) < 1e-12);
        CHECK(far(std::get<3>(got), slope(all, given, 1, weights)) < 1e-12);
        CHECK(far(std::get<4>(got), slope(all, given, 2, weights)) < 1e-12);
        CHECK(far(std::get<5>(got), slope(decode, from_states, 0, weights)) < 1e-12);
    }
}

TEST_CASE("scan: a parameter without axes begins a loop, in a step and in what is compiled from it", "[ops]") {
    constexpr auto e = xg::input<"e">(steps);
    constexpr auto start = xg::parameter<"start", xg::ones>();
    constexpr auto products = xg::scan(steps, [](auto m, auto now) { return m * now; }, start, e);
    xg::trainer trainer{xg::mean(products), xg::sgd{.learning_rate = 0.5}};
    auto E = xg::tensor<float, 1>::from_shape({3});
    E(0) = 2, E(1) = 3, E(2) = 4;
    const auto before = trainer.compile(products)(e = E);
    CHECK(std::vector<float>(before.begin(), before.end()) == std::vector<float>{2, 6, 24});
    CHECK(trainer.step(e = E) == Approx(32.0 / 3).epsilon(1e-6));
    const auto after = trainer.compile(products)(e = E);  // start is 1 - 32 / 6 now
    for (std::size_t i = 0; i < 3; ++i) CHECK(after(i) == Approx(before(i) * (1 - 32.0 / 6)).epsilon(1e-6));
}

TEST_CASE("scan: a loop that begins with the state before another one's steps", "[ops]") {
    constexpr auto other = xg::axis<"other">;
    constexpr auto elements = xg::input<"elements">(steps, batch, 2_c);
    constexpr auto more = xg::input<"more">(other, steps, batch, 2_c);
    constexpr auto behind = [](auto a, auto, auto now) { return std::tuple{now, a}; };
    constexpr auto before = std::get<1>(xg::scan(steps, behind, std::tuple{a0, b0}, elements * 2_c));
    constexpr auto twice = std::get<1>(xg::scan(other, behind, std::tuple{before, before}, exp(more)));
    auto X = xg::tensor<double, 3>::from_shape({3, 1, 2});
    auto A = xg::tensor<double, 2>::from_shape({1, 2});
    auto M = xg::tensor<double, 4>::from_shape({2, 3, 1, 2});
    for (std::size_t i = 0; i < 6; ++i) X.data()[i] = static_cast<double>(i + 1);
    for (std::size_t i = 0; i < 12; ++i) M.data()[i] = static_cast<double>(i) / 8;
    for (std::size_t i = 0; i < 2; ++i) A.data()[i] = -static_cast<double>(i + 1);
    const auto y = xg::compile<double>(twice)(elements = X, more = M, a0 = A, b0 = A);
    for (std::size_t s = 0; s < 3; ++s)
        for (std::size_t k = 0; k < 2; ++k) {
            CHECK(y(0, s, 0, k) == (s == 0 ? A(0, k) : 2 * X(s - 1, 0, k)));
            CHECK(y(1, s, 0, k) == Approx(std::exp(M(0, s, 0, k))));
        }
}

TEST_CASE("scan: steps that no array has are refused when bound", "[ops]") {
    constexpr auto halves = xg::scan(steps, [](auto h, auto e) { return h * 0.5_c + e; }, a0, xg::broadcast(1_c, steps, batch, 2_c));
    const xg::tensor<double, 2> A = xt::ones<double>({2, 2});
    CHECK_THROWS_AS(xg::compile<double>(halves)(a0 = A), xg::shape_error);
}
