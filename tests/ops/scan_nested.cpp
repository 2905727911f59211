// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Loops inside a loop's step, against plain loops in double: values and gradients.
#include "ops/scan_nested.hpp"

namespace {
constexpr auto keep = xg::parameter<"keep">();
constexpr auto shared = xg::input<"shared">(words, 1_c, 3_c);
}  // namespace

TEST_CASE("scan: a state carried on from sentence to sentence and in each from word to word", "[ops]") {
    constexpr auto s = xg::scan(sentences, [](auto state, auto sentence) {
        const auto h = xg::scan(words, [](auto h_, auto word) { return tanh(matmul(word, W) + matmul(h_, U)); }, state, sentence);
        return xg::last_of(h, words) * 0.5_c + state;
    }, s0, x);
    constexpr auto loss = xg::sum(s * v);
    auto program = xg::compile<double>(s, xg::gradient(loss, x), xg::gradient(loss, s0), xg::gradient(loss, W), xg::gradient(loss, U));
    for (std::size_t b : {1u, 3u})
        for (std::size_t m : {1u, 4u})
            for (std::size_t n : {1u, 3u}) {
                const auto plain = [&](const auto& a) {
                    using R = std::remove_cvref_t<decltype(a[0][0])>;
                    std::vector<R> all(b * m * 3);
                    for (std::size_t i = 0; i < b; ++i) {
                        std::array<R, 3> state{a[1][i * 3], a[1][i * 3 + 1], a[1][i * 3 + 2]};
                        for (std::size_t k = 0; k < m; ++k) {
                            auto h = state;
                            for (std::size_t w = 0; w < n; ++w) {
                                auto next = h;
                                for (std::size_t j = 0; j < 3; ++j) {
                                    R sum = 0;
                                    for (std::size_t f = 0; f < 2; ++f) sum += a[0][((i * m + k) * n + w) * 2 + f] * a[2][f * 3 + j];
                                    for (std::size_t f = 0; f < 3; ++f) sum += h[f] * a[3][f * 3 + j];
                                    next[j] = tanh(sum);
                                }
                                h = next;
                            }
                            for (std::size_t j = 0; j < 3; ++j) all[(i * m + k) * 3 + j] = state[j] = h[j] * R(0.5) + state[j];
                        }
                    }
                    return all;
                };
                const auto X = support::uniform<double>({b, m, n, 2}, 1);
                const auto V = support::uniform<double>({b, m, 3}, 3);
                const auto S = support::uniform<double>({b, 3}, 2);
                const auto w = support::uniform<double>({2, 3}, 4), u = support::uniform<double>({3, 3}, 5);
                const auto got = program(x = X, s0 = S, v = V, W = w, U = u);
                const auto given = flat(X, S, w, u);
                INFO(b << " rows, " << m << " sentences, " << n << " words");
                CHECK(far(std::get<0>(got), plain(given)) < 1e-14);
                CHECK(far(std::get<1>(got), slope(plain, given, 0, flat(V)[0])) < 1e-13);
                CHECK(far(std::get<2>(got), slope(plain, given, 1, flat(V)[0])) < 1e-13);
                CHECK(far(std::get<3>(got), slope(plain, given, 2, flat(V)[0])) < 1e-13);
                CHECK(far(std::get<4>(got), slope(plain, given, 3, flat(V)[0])) < 1e-13);
            }
}

TEST_CASE("scan: inner loops over elements made of the outer state, over elements that are the same in each step, with labels, with sums along", "[ops]") {
    constexpr auto e = xg::input<"e">(batch, sentences, words, 3_c);
    constexpr auto t = xg::labels<"t">(sentences, batch, words, xg::classes(3_c));
    constexpr auto q0 = xg::input<"q0">(batch, 1_c, 3_c);
    constexpr auto both = xg::scan(sentences, [](auto q, auto p, auto sentence, auto labels) {
        const auto h = xg::scan(words, [](auto h_, auto word, auto label) {
            return word + xg::sum(xg::one_hot(label) * log_softmax(h_ + word), xg::axes<-1>, xg::keep_axes) * 0.5_c + xg::cumsum(h_, xg::axes<-1>) * 0.25_c;
        }, 0_c * xg::first_of(sentence, words), sentence * q, labels);
        const auto g = xg::scan(words, [](auto g_, auto word) { return tanh(matmul(g_, U) + word); }, p, shared);
        return std::tuple{tanh(xg::sum(h, words, xg::keep_axes)), xg::last_of(g, words) * xg::first_of(q, xg::axes<-2>)};
    }, std::tuple{q0, s0}, e, t);
    constexpr auto loss = xg::sum(std::get<1>(both) * v);
    const auto program = xg::compile<double>(std::get<1>(both), xg::gradient(loss, e), xg::gradient(loss, shared), xg::gradient(loss, q0), xg::gradient(loss, s0), xg::gradient(loss, U));
    for (const auto [b, m, n] : {std::array<std::size_t, 3>{1, 1, 1}, {3, 1, 2}, {1, 4, 1}, {2, 3, 4}}) {
        const auto L = support::random_labels({m, b, n}, 7, 3);
        const auto plain = [&, b, m, n](const auto& a) {
            using R = std::remove_cvref_t<decltype(a[0][0])>;
            using row = std::array<R, 3>;
            std::vector<R> all(b * m * 3);
            for (std::size_t i = 0; i < b; ++i) {
                row q{a[2][i * 3], a[2][i * 3 + 1], a[2][i * 3 + 2]}, p{a[3][i * 3], a[3][i * 3 + 1], a[3][i * 3 + 2]};
                for (std::size_t k = 0; k < m; ++k) {
                    row h{}, total{}, g = p;
                    for (std::size_t w = 0; w < n; ++w) {
                        row word, next;
                        R exponentials = 0, along = 0;
                        for (std::size_t j = 0; j < 3; ++j) {
                            word[j] = a[0][((i * m + k) * n + w) * 3 + j] * q[j];
                            exponentials += exp(h[j] + word[j]);
                        }
                        const auto label = static_cast<std::size_t>(L(k, i, w));
                        const R chosen = h[label] + word[label] - log(exponentials);
                        for (std::size_t j = 0; j < 3; ++j) {
                            along += h[j];
                            next[j] = word[j] + chosen * R(0.5) + along * R(0.25);
                            total[j] += next[j];
                        }
                        h = next;
                        for (std::size_t j = 0; j < 3; ++j) {
                            next[j] = a[1][w * 3 + j];
                            for (std::size_t f = 0; f < 3; ++f) next[j] += g[f] * a[4][f * 3 + j];
                            next[j] = tanh(next[j]);
                        }
                        g = next;
                    }
                    for (std::size_t j = 0; j < 3; ++j) {
                        all[(i * m + k) * 3 + j] = p[j] = g[j] * q[j];
                        q[j] = tanh(total[j]);
                    }
                }
            }
            return all;
        };
        INFO(b << " rows, " << m << " sentences, " << n << " words");
        const auto E = support::uniform<double>({b, m, n, 3}, 1);
        const auto H = support::uniform<double>({n, 1, 3}, 2), Q = support::uniform<double>({b, 1, 3}, 3), V = support::uniform<double>({b, m, 3}, 4);
        const auto S = support::uniform<double>({b, 3}, 5), matrix = support::uniform<double>({3, 3}, 6);
        const auto given = flat(E, H, Q, S, matrix);
        const auto got = program(e = E, shared = H, t = L, q0 = Q, s0 = S, v = V, U = matrix);
        CHECK(far(std::get<0>(got), plain(given)) < 1e-13);
        CHECK(far(std::get<1>(got), slope(plain, given, 0, flat(V)[0])) < 1e-12);
        CHECK(far(std::get<2>(got), slope(plain, given, 1, flat(V)[0])) < 1e-12);
        CHECK(far(std::get<3>(got), slope(plain, given, 2, flat(V)[0])) < 1e-12);
        CHECK(far(std::get<4>(got), slope(plain, given, 3, flat(V)[0])) < 1e-12);
        CHECK(far(std::get<5>(got), slope(plain, given, 4, flat(V)[0])) < 1e-12);
    }
}

TEST_CASE("scan: numbers through three loops, and loops over one axis in each step over another", "[ops]") {
    constexpr auto texts = xg::axis<"texts">;
    constexpr auto layers = xg::axis<"layers">;
    constexpr auto y = xg::input<"y">(sentences, texts, words);
    constexpr auto u = xg::input<"u">(texts);
    constexpr auto start = xg::parameter<"start">();
    constexpr auto number = xg::scan(texts, [](auto a, auto text) {
        const auto b = xg::scan(sentences, [](auto b_, auto sentence) {
            return xg::first_of(xg::scan_back(words, [](auto c, auto word) { return keep * c + sin(word); }, b_, sentence), words) * b_;
        }, a, text);
        return xg::last_of(b, sentences) + a;
    }, start, y);
    // Each layer runs along the words of all that the layer before has made: the state is the sentence.
    constexpr auto z = xg::input<"z">(batch, words, 3_c);
    constexpr auto gain = xg::input<"gain">(layers, 1_c, 3_c);
    constexpr auto t = xg::input<"t">(layers, batch, words, 3_c);
    constexpr auto deep = xg::scan(layers, [](auto state, auto g) {
        return xg::scan(words, [g](auto h, auto e) { return tanh(matmul(h, U) + e * g); }, 0_c * xg::first_of(state, words), state);
    }, z, gain);
    constexpr auto loss = xg::sum(number * u);
    constexpr auto loss_deep = xg::sum(deep * t);
    const auto numbers = xg::compile<double>(number, xg::gradient(loss, y), xg::gradient(loss, start), xg::gradient(loss, keep));
    const auto sentence = xg::compile<double>(deep, xg::gradient(loss_deep, z), xg::gradient(loss_deep, gain), xg::gradient(loss_deep, U));
    for (const auto [l, m, n] : {std::array<std::size_t, 3>{1, 1, 1}, {2, 1, 3}, {1, 3, 1}, {3, 2, 4}}) {
        const auto plain = [=](const auto& a) {
            using R = std::remove_cvref_t<decltype(a[0][0])>;
            std::vector<R> all;
            R state = a[1][0];
            for (std::size_t k = 0; k < l; ++k) {
                R inner = state;
                for (std::size_t i = 0; i < m; ++i) {
                    R c = inner;
                    for (std::size_t w = n; w-- > 0;) c = a[2][0] * c + a[0][(i * l + k) * n + w];
                    inner = c * inner;
                }
                all.push_back(state = inner + state);
            }
            return all;
        };
        const auto plain_deep = [=](const auto& a) {
            using R = std::remove_cvref_t<decltype(a[0][0])>;
            std::vector<R> all;
            auto state = a[0];
            for (std::size_t k = 0; k < l; ++k) {
                for (std::size_t i = 0; i < m; ++i) {
                    std::array<R, 3> h{};
                    for (std::size_t w = 0; w < n; ++w) {
                        R* e = &state[(i * n + w) * 3];
                        std::array<R, 3> next;
                        for (std::size_t j = 0; j < 3; ++j) {
                            next[j] = e[j] * a[1][k * 3 + j];
                            for (std::size_t f = 0; f < 3; ++f) next[j] += h[f] * a[2][f * 3 + j];
                        }
                        for (std::size_t j = 0; j < 3; ++j) e[j] = h[j] = tanh(next[j]);
                    }
                }
                all.insert(all.end(), state.begin(), state.end());
            }
            return all;
        };
        INFO(l << " texts or layers, " << m << " sentences or rows, " << n << " words");
        const auto Y = support::uniform<double>({m, l, n}, 1);
        auto sines = Y;
        for (double& e : sines) e = std::sin(e);
        const auto T = support::uniform<double>({l, m, n, 3}, 2);
        const auto Z = support::uniform<double>({m, n, 3}, 3), G = support::uniform<double>({l, 1, 3}, 4);
        const auto weights = support::uniform<double>({l}, 5);
        const auto matrix = support::uniform<double>({3, 3}, 6);
        const auto given = flat(sines, 0.75, 0.5), given_deep = flat(Z, G, matrix);
        const auto got = numbers(y = Y, u = weights, start = 0.75, keep = 0.5);
        CHECK(far(std::get<0>(got), plain(given)) < 1e-14);
        auto slopes = slope(plain, given, 0, flat(weights)[0]);
        for (std::size_t i = 0; i < slopes.size(); ++i) slopes[i] *= std::cos(Y.data()[i]);
        CHECK(far(std::get<1>(got), slopes) < 1e-13);
        CHECK(far(std::get<2>(got), slope(plain, given, 1, flat(weights)[0])) < 1e-13);
        CHECK(far(std::get<3>(got), slope(plain, given, 2, flat(weights)[0])) < 1e-13);
        const auto made = sentence(z = Z, gain = G, t = T, U = matrix);
        CHECK(far(std::get<0>(made), plain_deep(given_deep)) < 1e-14);
        CHECK(far(std::get<1>(made), slope(plain_deep, given_deep, 0, flat(T)[0])) < 1e-13);
        CHECK(far(std::get<2>(made), slope(plain_deep, given_deep, 1, flat(T)[0])) < 1e-13);
        CHECK(far(std::get<3>(made), slope(plain_deep, given_deep, 2, flat(T)[0])) < 1e-13);
    }
}
