// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Loops inside a loop's step that use the outer state, with states of their own and after each other, against plain loops in double: values, gradients,
// forward mode, derivatives of derivatives.
#include "ops/scan_nested.hpp"

namespace {
/// The derivative of f where array `which` moves along d.
template <class F>
struct slope_along {
    F f;
    std::size_t which;
    std::vector<double> d;
    template <class R>
    std::vector<R> operator()(const support::arrays_of<R>& a) const {
        auto moved = support::moving(a, which, 0);
        for (std::size_t i = 0; i < d.size(); ++i) moved[which][i].d = R(d[i]);
        std::vector<R> made;
        for (const auto& y : f(moved)) made.push_back(y.d);
        return made;
    }
};
template <class F>
slope_along(F, std::size_t, std::vector<double>) -> slope_along<F>;
}  // namespace

TEST_CASE("scan: inner loops that use the outer state, backwards, with states of their own; derivatives of derivatives", "[ops]") {
    constexpr auto d = xg::input<"d">(3_c, 3_c);
    constexpr auto s = xg::scan_back(sentences, [](auto state, auto sentence) {
        const auto inner = xg::scan_back(words, [state](auto h, auto c, auto word) {
            const auto next = tanh(matmul(word, W) + matmul(h, U) + state);
            return std::tuple{next, c * softmax(state) + next};
        }, std::tuple{tanh(state), state * state}, sentence);
        const auto [h, c] = inner;
        const auto again = xg::scan(words, [](auto sum, auto c_, auto h_) { return sum * 0.5_c + c_ * h_; }, 0_c * state, c, h);
        return tanh(xg::sum(again, words)) + xg::first_of(c, words) * 0.25_c;
    }, s0, x);
    constexpr auto loss = xg::sum(s * v);
    constexpr auto along = xg::sum(xg::gradient(loss, U) * d);
    const auto program = xg::compile<double>(s, xg::gradient(loss, x), xg::gradient(loss, s0), xg::gradient(loss, U), xg::jvp(s, U, d), xg::gradient(along, s0));
    const auto apart = xg::compile<double>(s, xg::gradient(loss, x), xg::gradient(loss, s0), xg::gradient(loss, U), xg::unfused);
    for (const auto [b, m, n] : {std::array<std::size_t, 3>{1, 1, 1}, {2, 1, 3}, {1, 3, 1}, {2, 3, 4}}) {
        const auto plain = [=](const auto& a) {
            using R = std::remove_cvref_t<decltype(a[0][0])>;
            using row = std::array<R, 3>;
            std::vector<R> all(b * m * 3);
            for (std::size_t i = 0; i < b; ++i) {
                row state{a[1][i * 3], a[1][i * 3 + 1], a[1][i * 3 + 2]};
                for (std::size_t k = m; k-- > 0;) {
                    row h, c, sum{}, total{};
                    R exponentials = 0;
                    for (std::size_t j = 0; j < 3; ++j) {
                        h[j] = tanh(state[j]);
                        c[j] = state[j] * state[j];
                        exponentials += exp(state[j]);
                    }
                    std::vector<row> hs(n), cs(n);
                    for (std::size_t w = n; w-- > 0;) {
                        row next;
                        for (std::size_t j = 0; j < 3; ++j) {
                            next[j] = state[j];
                            for (std::size_t f = 0; f < 2; ++f) next[j] += a[0][((i * m + k) * n + w) * 2 + f] * a[2][f * 3 + j];
                            for (std::size_t f = 0; f < 3; ++f) next[j] += h[f] * a[3][f * 3 + j];
                            next[j] = tanh(next[j]);
                            c[j] = c[j] * exp(state[j]) / exponentials + next[j];
                        }
                        hs[w] = h = next;
                        cs[w] = c;
                    }
                    for (std::size_t w = 0; w < n; ++w)
                        for (std::size_t j = 0; j < 3; ++j) {
                            sum[j] = sum[j] * R(0.5) + cs[w][j] * hs[w][j];
                            total[j] += sum[j];
                        }
                    for (std::size_t j = 0; j < 3; ++j) all[(i * m + k) * 3 + j] = state[j] = tanh(total[j]) + cs[0][j] * R(0.25);
                }
            }
            return all;
        };
        const auto X = support::uniform<double>({b, m, n, 2}, 1);
        const auto V = support::uniform<double>({b, m, 3}, 3);
        const auto S = support::uniform<double>({b, 3}, 2), w = support::uniform<double>({2, 3}, 4), u = support::uniform<double>({3, 3}, 5), D = support::uniform<double>({3, 3}, 6);
        const auto given = flat(X, S, w, u);
        const auto weights = flat(V)[0];
        INFO(b << " rows, " << m << " sentences, " << n << " words");
        const auto holds = [&](const auto& got) {
            CHECK(far(std::get<0>(got), plain(given)) < 1e-14);
            CHECK(far(std::get<1>(got), slope(plain, given, 0, weights)) < 1e-12);
            CHECK(far(std::get<2>(got), slope(plain, given, 1, weights)) < 1e-12);
            CHECK(far(std::get<3>(got), slope(plain, given, 3, weights)) < 1e-12);
        };
        const auto got = program(x = X, s0 = S, v = V, W = w, U = u, d = D);
        holds(got);
        holds(apart(x = X, s0 = S, v = V, W = w, U = u));
        const slope_along moved{plain, 3, flat(D)[0]};
        CHECK(far(std::get<4>(got), moved(given)) < 1e-12);
        CHECK(far(std::get<5>(got), slope(moved, given, 1, weights)) < 1e-11);
    }
}
