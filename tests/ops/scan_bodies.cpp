// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// What a loop's step may be made of: masks, labels, sums over a named axis and over the last, ops with loops of their own, products of batches,
// other loops. Derivatives of derivatives, and forward mode.
#include <xgrad/ops/scan.hpp>

#include "support/catch.hpp"
#include "support/dual.hpp"

namespace xg = xgrad;
using namespace xg::literals;
using support::arrays_of, support::far, support::flat, support::slope;

namespace {
constexpr auto batch = xg::axis<"batch">;
constexpr auto steps = xg::axis<"steps">;
constexpr auto x = xg::input<"x">(batch, steps, 3_c);
constexpr auto v = xg::input<"v">(batch, steps, 3_c);
constexpr auto m = xg::input<"m">(batch, steps, 1_c);
constexpr auto t = xg::labels<"t">(batch, steps, xg::classes(3_c));
constexpr auto s0 = xg::input<"s0">(batch, 3_c);
constexpr auto c = xg::input<"c">(batch, 3_c);
constexpr auto U = xg::parameter<"U">(3_c, 3_c);
constexpr auto W = xg::parameter<"W">(6_c, 3_c);
constexpr auto table = xg::parameter<"table">(3_c, 3_c);

struct sizes {
    std::size_t b, n;
};
constexpr sizes several[] = {{1, 1}, {3, 1}, {1, 4}, {4, 5}};

/// A plain loop over the steps of whole batches; arrays: x, s0, then what else there is. `next(states of all rows, row-wise elements' places, arrays)`.
template <class Next>
struct loop {
    std::size_t b, n;
    Next next;
    template <class R>
    std::vector<R> operator()(const arrays_of<R>& a) const {
        std::vector<R> state = a[1], all(b * n * 3);
        for (std::size_t k = 0; k < n; ++k) {
            state = next(state, k, a);
            for (std::size_t i = 0; i < b; ++i)
                for (std::size_t j = 0; j < 3; ++j) all[(i * n + k) * 3 + j] = state[i * 3 + j];
        }
        return all;
    }
};
template <class Next>
loop<Next> plain_loop(std::size_t b, std::size_t n, Next next) {
    return {b, n, next};
}
}  // namespace

TEST_CASE("scan: masks, captured arrays, sums over the batch and over features, labels", "[ops]") {
    // The mean over the batch makes rows depend on each other; the label's entry and its one-hot row both come from elements.
    constexpr auto s = xg::scan(steps, [](auto s_, auto e, auto mask, auto label) {
        const auto centred = s_ - mean(s_, batch, xg::keep_axes);
        const auto next = tanh(matmul(centred, U)) + e * c + xg::one_hot(label) * 0.5_c;
        return select(mask > 0_c, next / (1_c + xg::sum(xg::square(next), xg::axes<-1>, xg::keep_axes)), s_);
    }, s0, x, m, t);
    constexpr auto total = xg::scan(steps, [](auto sum, auto scores, auto label) { return sum * 0.9_c - xg::pick(xg::log_softmax(scores), label); }, xg::broadcast(0_c, batch), s, t);
    constexpr auto loss = xg::sum(s * v) + xg::sum(total);
    const auto program = xg::compile<double>(s, total, xg::gradient(loss, x), xg::gradient(loss, s0), xg::gradient(loss, c), xg::gradient(loss, U));
    const auto apart = xg::compile<double>(s, total, xg::gradient(loss, x), xg::gradient(loss, s0), xg::gradient(loss, c), xg::gradient(loss, U), xg::unfused);
    for (const auto [b, n] : several) {
        const auto X = support::uniform<double>({b, n, 3}, 1), V = support::uniform<double>({b, n, 3}, 2);
        const auto M = support::uniform<double>({b, n, 1}, 3);
        const auto S = support::uniform<double>({b, 3}, 4), C = support::uniform<double>({b, 3}, 5), u = support::uniform<double>({3, 3}, 6);
        const auto L = support::random_labels({b, n}, 7, 3);
        const auto plain = plain_loop(b, n, [&](const auto& state, std::size_t k, const auto& a) {
            using R = std::remove_cvref_t<decltype(state[0])>;
            auto made = state;
            for (std::size_t i = 0; i < b; ++i) {
                if (M(i, k, 0) <= 0) continue;
                std::array<R, 3> next;
                R squares = 0;
                for (std::size_t j = 0; j < 3; ++j) {
                    R sum = 0;
                    for (std::size_t l = 0; l < 3; ++l) {
                        R mean = 0;
                        for (std::size_t r = 0; r < b; ++r) mean += state[r * 3 + l] / R(static_cast<double>(b));
                        sum += (state[i * 3 + l] - mean) * a[3][l * 3 + j];
                    }
                    next[j] = tanh(sum) + a[0][(i * n + k) * 3 + j] * a[2][i * 3 + j] + R(static_cast<std::size_t>(L(i, k)) == j ? 0.5 : 0);
                    squares += next[j] * next[j];
                }
                for (std::size_t j = 0; j < 3; ++j) made[i * 3 + j] = next[j] / (R(1) + squares);
            }
            return made;
        });
        const auto losses = [&](const auto& all) {
            using R = std::remove_cvref_t<decltype(all[0])>;
            std::vector<R> made(b * n);
            for (std::size_t i = 0; i < b; ++i) {
                R sum = 0;
                for (std::size_t k = 0; k < n; ++k) {
                    const std::size_t place = i * n + k;
                    R exponentials = 0;
                    for (std::size_t j = 0; j < 3; ++j) exponentials += exp(all[place * 3 + j]);
                    sum = made[place] = sum * R(0.9) - (all[place * 3 + static_cast<std::size_t>(L(i, k))] - log(exponentials));
                }
            }
            return made;
        };
        const auto both = [&](const auto& a) {
            auto made = plain(a);
            const auto more = losses(made);
            made.insert(made.end(), more.begin(), more.end());
            return made;
        };
        auto weights = flat(V)[0];
        weights.resize(b * n * 4, 1.0);
        const auto given = flat(X, S, C, u);
        INFO(b << " rows, " << n << " steps");
        const auto holds = [&](const auto& got) {
            CHECK(far(std::get<0>(got), plain(given)) < 1e-14);
            CHECK(far(std::get<1>(got), losses(plain(given))) < 1e-14);
            CHECK(far(std::get<2>(got), slope(both, given, 0, weights)) < 1e-12);
            CHECK(far(std::get<3>(got), slope(both, given, 1, weights)) < 1e-12);
            CHECK(far(std::get<4>(got), slope(both, given, 2, weights)) < 1e-12);
            CHECK(far(std::get<5>(got), slope(both, given, 3, weights)) < 1e-12);
        };
        holds(program(x = X, v = V, m = M, t = L, s0 = S, c = C, U = u));
        holds(apart(x = X, v = V, m = M, t = L, s0 = S, c = C, U = u));
    }
}

TEST_CASE("scan: ops with a loop of their own, and joined arrays", "[ops]") {
    constexpr auto s = xg::scan(steps, [](auto s_, auto e, auto label) {
        const auto row = xg::embedding_lookup(table, label);
        const auto pairs = xg::reshape(s_, steps, batch, 3_c, 1_c) * xg::reshape(s_ * e, steps, batch, 1_c, 3_c);  // the steps stand in front
        return tanh(matmul(xg::concat(s_, e), W)) + xg::reverse(xg::cumsum(s_ * row)) * 0.25_c + xg::concat(xg::slice<1, 3>(s_), xg::slice<0, 1>(e)) - xg::sum(pairs, xg::axes<-1>) * 0.5_c;
    }, s0, x, t);
    constexpr auto loss = xg::sum(s * v);
    const auto program = xg::compile<double>(s, xg::gradient(loss, x), xg::gradient(loss, s0), xg::gradient(loss, W), xg::gradient(loss, table));
    for (const auto [b, n] : several) {
        const auto X = support::uniform<double>({b, n, 3}, 1), V = support::uniform<double>({b, n, 3}, 2);
        const auto S = support::uniform<double>({b, 3}, 4), w = support::uniform<double>({6, 3}, 5), T = support::uniform<double>({3, 3}, 6);
        const auto L = support::random_labels({b, n}, 7, 3);
        const auto plain = plain_loop(b, n, [&](const auto& state, std::size_t k, const auto& a) {
            using R = std::remove_cvref_t<decltype(state[0])>;
            auto made = state;
            for (std::size_t i = 0; i < b; ++i) {
                const R* e = a[0].data() + (i * n + k) * 3;
                const R* old = state.data() + i * 3;
                const R* row = a[3].data() + static_cast<std::size_t>(L(i, k)) * 3;
                R sums[3], sum = 0, products = 0;
                for (std::size_t j = 0; j < 3; ++j) sums[j] = sum += old[j] * row[j];
                for (std::size_t j = 0; j < 3; ++j) products += old[j] * e[j];
                for (std::size_t j = 0; j < 3; ++j) {
                    R product = 0;
                    for (std::size_t l = 0; l < 6; ++l) product += (l < 3 ? old[l] : e[l - 3]) * a[2][l * 3 + j];
                    made[i * 3 + j] = tanh(product) + sums[2 - j] * R(0.25) + (j < 2 ? old[j + 1] : e[0]) - old[j] * products * R(0.5);
                }
            }
            return made;
        });
        const auto given = flat(X, S, w, T);
        INFO(b << " rows, " << n << " steps");
        const auto got = program(x = X, v = V, t = L, s0 = S, W = w, table = T);
        CHECK(far(std::get<0>(got), plain(given)) < 1e-14);
        CHECK(far(std::get<1>(got), slope(plain, given, 0, flat(V)[0])) < 1e-12);
        CHECK(far(std::get<2>(got), slope(plain, given, 1, flat(V)[0])) < 1e-12);
        CHECK(far(std::get<3>(got), slope(plain, given, 2, flat(V)[0])) < 1e-12);
        CHECK(far(std::get<4>(got), slope(plain, given, 3, flat(V)[0])) < 1e-12);
    }
}

TEST_CASE("scan: the gradient of a gradient, and forward mode", "[ops]") {
    constexpr auto s = xg::scan(steps, [](auto s_, auto e) { return tanh(matmul(s_, U) + e) * s_ + e; }, s0, x);
    constexpr auto d = xg::input<"d">(3_c, 3_c);
    constexpr auto loss = xg::sum(s * v);
    constexpr auto along = xg::sum(xg::gradient(loss, U) * d);
    const auto program = xg::compile<double>(along, xg::jvp(loss, U, d), xg::gradient(along, U), xg::gradient(along, s0), xg::gradient(along, x), xg::jvp(s, U, d));
    for (const auto [b, n] : several) {
        const auto X = support::uniform<double>({b, n, 3}, 1), V = support::uniform<double>({b, n, 3}, 2);
        const auto S = support::uniform<double>({b, 3}, 4), u = support::uniform<double>({3, 3}, 5), D = support::uniform<double>({3, 3}, 6);
        const auto plain = plain_loop(b, n, [&](const auto& state, std::size_t k, const auto& a) {
            using R = std::remove_cvref_t<decltype(state[0])>;
            auto made = state;
            for (std::size_t i = 0; i < b; ++i)
                for (std::size_t j = 0; j < 3; ++j) {
                    const R e = a[0][(i * n + k) * 3 + j];
                    R product = 0;
                    for (std::size_t l = 0; l < 3; ++l) product += state[i * 3 + l] * a[2][l * 3 + j];
                    made[i * 3 + j] = tanh(product + e) * state[i * 3 + j] + e;
                }
            return made;
        });
        // The derivative in direction D of U, of everything.
        const auto moved = [&](const auto& a) {
            auto towards = a;
            using R = std::remove_cvref_t<decltype(a[0][0])>;
            arrays_of<support::dual<R>> moving;
            for (const auto& one : towards) {
                moving.emplace_back();
                for (const R& number : one) moving.back().push_back({number, R(0)});
            }
            for (std::size_t k = 0; k < 9; ++k) moving[2][k].d = R(D.data()[k]);
            std::vector<R> made;
            for (const auto& y : plain(moving)) made.push_back(y.d);
            return made;
        };
        const auto given = flat(X, S, u);
        const auto got = program(x = X, v = V, s0 = S, U = u, d = D);
        double total = 0;
        const auto tangents = moved(given);
        for (std::size_t k = 0; k < tangents.size(); ++k) total += tangents[k] * V.data()[k];
        INFO(b << " rows, " << n << " steps");
        CHECK(std::get<0>(got) == Approx(total).epsilon(1e-12).margin(1e-12));
        CHECK(std::get<1>(got) == Approx(total).epsilon(1e-12).margin(1e-12));
        CHECK(far(std::get<2>(got), slope(moved, given, 2, flat(V)[0])) < 1e-11);
        CHECK(far(std::get<3>(got), slope(moved, given, 1, flat(V)[0])) < 1e-11);
        CHECK(far(std::get<4>(got), slope(moved, given, 0, flat(V)[0])) < 1e-11);
        CHECK(far(std::get<5>(got), tangents) < 1e-12);
    }
}

TEST_CASE("scan: products of matrices, one for each row of the batch", "[ops]") {
    constexpr auto e = xg::input<"e">(batch, steps, 3_c, 2_c);
    constexpr auto w = xg::input<"w">(batch, steps, 2_c, 3_c);
    constexpr auto first = xg::input<"first">(batch, 2_c, 3_c);
    // The state times the element times the state again.
    constexpr auto s = xg::scan(steps, [](auto s_, auto e_) { return tanh(matmul(matmul(s_, e_), s_)) + xg::transpose(e_, xg::axes<0, 1, 3, 2>); }, first, e);
    constexpr auto loss = xg::sum(s * w);
    const auto program = xg::compile<double>(s, xg::gradient(loss, e), xg::gradient(loss, first));
    for (const auto [b, n] : several) {
        const auto E = support::uniform<double>({b, n, 3, 2}, 1), V = support::uniform<double>({b, n, 2, 3}, 2);
        const auto F = support::uniform<double>({b, 2, 3}, 3);
        const auto plain = [rows = b, count = n](const auto& a) {
            using R = std::remove_cvref_t<decltype(a[0][0])>;
            std::vector<R> all(a[0].size());
            for (std::size_t i = 0; i < rows; ++i) {
                std::vector<R> state(a[1].begin() + static_cast<std::ptrdiff_t>(i * 6), a[1].begin() + static_cast<std::ptrdiff_t>(i * 6 + 6));
                for (std::size_t k = 0; k < count; ++k) {
                    const R* step = a[0].data() + (i * count + k) * 6;
                    R square[4];
                    for (std::size_t p = 0; p < 2; ++p)
                        for (std::size_t q = 0; q < 2; ++q)
                            for (std::size_t l = 0; l < 3; ++l) square[p * 2 + q] = (l == 0 ? R(0) : square[p * 2 + q]) + state[p * 3 + l] * step[l * 2 + q];
                    auto next = state;
                    for (std::size_t p = 0; p < 2; ++p)
                        for (std::size_t q = 0; q < 3; ++q) next[p * 3 + q] = tanh(square[p * 2] * state[q] + square[p * 2 + 1] * state[3 + q]) + step[q * 2 + p];
                    state = next;
                    std::copy(state.begin(), state.end(), all.begin() + static_cast<std::ptrdiff_t>((i * count + k) * 6));
                }
            }
            return all;
        };
        const auto given = flat(E, F);
        const auto got = program(e = E, w = V, first = F);
        INFO(b << " rows, " << n << " steps");
        CHECK(far(std::get<0>(got), plain(given)) < 1e-14);
        CHECK(far(std::get<1>(got), slope(plain, given, 0, flat(V)[0])) < 1e-12);
        CHECK(far(std::get<2>(got), slope(plain, given, 1, flat(V)[0])) < 1e-12);
    }
}
