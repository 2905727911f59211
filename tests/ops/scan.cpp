// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Loops against plain ones in double: values, gradients, where the axis of the steps stands, how the state is shaped.
#include <xgrad/ops/scan.hpp>

#include "support/catch.hpp"
#include "support/dual.hpp"

namespace xg = xgrad;
using namespace xg::literals;
using support::arrays_of, support::far, support::slope, support::flat;

namespace {
constexpr auto batch = xg::axis<"batch">;
constexpr auto steps = xg::axis<"steps">;
constexpr auto h0 = xg::input<"h0">(batch, 4_c);
constexpr auto W = xg::parameter<"W">(3_c, 4_c);
constexpr auto U = xg::parameter<"U">(4_c, 4_c);
constexpr auto keep = xg::parameter<"keep">();
constexpr auto gain = xg::parameter<"gain">(3_c);
constexpr auto cell = [](auto state, auto e) { return tanh(matmul(e, W) + matmul(state, U)); };

/// An Elman cell, rows of a batch outermost or steps; arrays: x, h0, W, U.
template <bool StepsOutermost, bool Backwards>
struct plain_cell {
    std::size_t b, t, f, n;
    template <class R>
    std::vector<R> operator()(const arrays_of<R>& a) const {
        using std::tanh;
        std::vector<R> all(b * t * n);
        std::vector<R> state = a[1];
        for (std::size_t k = 0; k < t; ++k) {
            const std::size_t step = Backwards ? t - 1 - k : k;
            std::vector<R> next(b * n);
            for (std::size_t i = 0; i < b; ++i)
                for (std::size_t j = 0; j < n; ++j) {
                    R total = 0;
                    const std::size_t place = StepsOutermost ? step * b + i : i * t + step;
                    for (std::size_t l = 0; l < f; ++l) total += a[0][place * f + l] * a[2][l * n + j];
                    for (std::size_t l = 0; l < n; ++l) total += state[i * n + l] * a[3][l * n + j];
                    next[i * n + j] = all[place * n + j] = tanh(total);
                }
            state = next;
        }
        return all;
    }
};
}  // namespace

TEST_CASE("scan: a cell with weights of its own, steps inside and outermost, forwards and backwards", "[ops]") {
    const auto holds = [](auto program, auto x, auto v, auto plain, std::array<std::size_t, 3> shape) {
        const auto X = support::uniform<double>({shape[0], shape[1], shape[2]}, 1);
        const auto H = support::uniform<double>({plain.b, plain.n}, 2);
        const auto w = support::uniform<double>({3, 4}, 3), u = support::uniform<double>({4, 4}, 4, -1, 1);
        const auto V = support::uniform<double>({shape[0], shape[1], 4}, 5);
        const auto got = program(x = X, h0 = H, W = w, U = u, v = V);
        const auto given = flat(X, H, w, u);
        INFO(plain.b << " rows, " << plain.t << " steps");
        CHECK(far(std::get<0>(got), plain(given)) < 1e-14);
        CHECK(far(std::get<1>(got), slope(plain, given, 0, flat(V)[0])) < 1e-13);
        CHECK(far(std::get<2>(got), slope(plain, given, 1, flat(V)[0])) < 1e-13);
        CHECK(far(std::get<3>(got), slope(plain, given, 2, flat(V)[0])) < 1e-13);
        CHECK(far(std::get<4>(got), slope(plain, given, 3, flat(V)[0])) < 1e-13);
    };
    SECTION("rows outermost") {
        constexpr auto x = xg::input<"x">(batch, steps, 3_c);
        constexpr auto v = xg::input<"v">(batch, steps, 4_c);
        constexpr auto h = xg::scan(steps, cell, h0, x);
        constexpr auto loss = xg::sum(h * v);
        static_assert(xg::shape_of(h) == xg::shape_of(v));
        auto program = xg::compile<double>(h, xg::gradient(loss, x), xg::gradient(loss, h0), xg::gradient(loss, W), xg::gradient(loss, U));
        for (std::size_t t : {1u, 2u, 5u})
            for (std::size_t b : {1u, 3u, 9u}) holds(program, x, v, plain_cell<false, false>{b, t, 3, 4}, {b, t, 3});
    }
    SECTION("steps outermost, backwards") {
        constexpr auto x = xg::input<"x">(steps, batch, 3_c);
        constexpr auto v = xg::input<"v">(steps, batch, 4_c);
        constexpr auto h = xg::scan_back(steps, cell, h0, x);
        constexpr auto loss = xg::sum(h * v);
        auto program = xg::compile<double>(h, xg::gradient(loss, x), xg::gradient(loss, h0), xg::gradient(loss, W), xg::gradient(loss, U));
        for (std::size_t t : {1u, 2u, 5u})
            for (std::size_t b : {1u, 3u, 9u}) holds(program, x, v, plain_cell<true, true>{b, t, 3, 4}, {t, b, 3});
    }
}

TEST_CASE("scan: numbers along one axis, from a number", "[ops]") {
    constexpr auto x = xg::input<"x">(steps);
    constexpr auto v = xg::input<"v">(steps);
    constexpr auto start = xg::parameter<"start">();
    constexpr auto mean = xg::scan(steps, [](auto m, auto e) { return keep * m + (1_c - keep) * e; }, start, x);
    constexpr auto back = xg::scan_back(steps, [](auto m, auto e) { return keep * m * e + e; }, start, x);
    constexpr auto from_one = xg::scan(steps, [](auto m, auto e) { return m * e; }, 1_c, x);  // a running product
    constexpr auto loss = xg::sum(mean * v);
    constexpr auto loss_back = xg::sum(back * v);
    constexpr auto loss_product = xg::sum(from_one * v);
    auto program = xg::compile<double>(mean, back, from_one, xg::gradient(loss, x), xg::gradient(loss, start), xg::gradient(loss, keep), xg::gradient(loss_back, x),
                                       xg::gradient(loss_back, start), xg::gradient(loss_product, x));
    const auto plain = [](const auto& a) {
        auto m = a[1][0];
        std::remove_cvref_t<decltype(a[0])> all;
        for (const auto& e : a[0]) all.push_back(m = a[2][0] * m + (decltype(m)(1) - a[2][0]) * e);
        return all;
    };
    const auto plain_back = [](const auto& a) {
        auto m = a[1][0];
        auto all = a[0];
        for (std::size_t i = all.size(); i-- > 0;) all[i] = m = a[2][0] * m * a[0][i] + a[0][i];
        return all;
    };
    const auto plain_product = [](const auto& a) {
        auto all = a[0];
        for (std::size_t i = 1; i < all.size(); ++i) all[i] = all[i - 1] * all[i];
        return all;
    };
    for (std::size_t t : {1u, 2u, 7u, 40u}) {
        const auto X = support::uniform<double>({t}, 1), V = support::uniform<double>({t}, 2);
        const auto got = program(x = X, v = V, start = 0.75, keep = 0.9);
        const auto given = flat(X, 0.75, 0.9);
        INFO(t << " steps");
        CHECK(far(std::get<0>(got), plain(given)) < 1e-14);
        CHECK(far(std::get<1>(got), plain_back(given)) < 1e-14);
        CHECK(far(std::get<2>(got), plain_product(given)) < 1e-14);
        CHECK(far(std::get<3>(got), slope(plain, given, 0, flat(V)[0])) < 1e-13);
        CHECK(far(std::get<4>(got), slope(plain, given, 1, flat(V)[0])) < 1e-13);
        CHECK(far(std::get<5>(got), slope(plain, given, 2, flat(V)[0])) < 1e-13);
        CHECK(far(std::get<6>(got), slope(plain_back, given, 0, flat(V)[0])) < 1e-13);
        CHECK(far(std::get<7>(got), slope(plain_back, given, 1, flat(V)[0])) < 1e-13);
        CHECK(far(std::get<8>(got), slope(plain_product, given, 0, flat(V)[0])) < 1e-13);
    }
}

TEST_CASE("scan: states of two axes and of three, the steps anywhere", "[ops]") {
    // The third axis of the elements has the steps; the state is [batch, heads, 3].
    constexpr auto x = xg::input<"x">(batch, 2_c, steps, 3_c);
    constexpr auto v = xg::input<"v">(batch, 2_c, steps, 3_c);
    constexpr auto first = xg::input<"first">(batch, 2_c, 3_c);
    constexpr auto h = xg::scan(steps, [](auto state, auto e) { return tanh(gain * state + e) * softmax(state + e); }, first, x);
    constexpr auto loss = xg::sum(h * v);
    auto program = xg::compile<double>(h, xg::gradient(loss, x), xg::gradient(loss, first), xg::gradient(loss, gain));
    for (std::size_t t : {1u, 4u})
        for (std::size_t b : {1u, 3u}) {
            const auto plain = [&](const auto& a) {
                auto state = a[1];
                auto all = a[0];
                for (std::size_t k = 0; k < t; ++k)
                    for (std::size_t i = 0; i < b * 2; ++i) {
                        using R = std::remove_cvref_t<decltype(state[0])>;
                        R total = 0;
                        for (std::size_t j = 0; j < 3; ++j) total += exp(state[i * 3 + j] + a[0][(i * t + k) * 3 + j]);
                        for (std::size_t j = 0; j < 3; ++j) {
                            const R e = a[0][(i * t + k) * 3 + j];
                            state[i * 3 + j] = all[(i * t + k) * 3 + j] = tanh(a[2][j] * state[i * 3 + j] + e) * exp(state[i * 3 + j] + e) / total;
                        }
                    }
                return all;
            };
            const auto X = support::uniform<double>({b, 2, t, 3}, 1), V = support::uniform<double>({b, 2, t, 3}, 2);
            const auto H = support::uniform<double>({b, 2, 3}, 3);
            const auto G = support::uniform<double>({3}, 4);
            const auto got = program(x = X, v = V, first = H, gain = G);
            const auto given = flat(X, H, G);
            INFO(b << " rows, " << t << " steps");
            CHECK(far(std::get<0>(got), plain(given)) < 1e-14);
            CHECK(far(std::get<1>(got), slope(plain, given, 0, flat(V)[0])) < 1e-13);
            CHECK(far(std::get<2>(got), slope(plain, given, 1, flat(V)[0])) < 1e-13);
            CHECK(far(std::get<3>(got), slope(plain, given, 2, flat(V)[0])) < 1e-13);
        }
}
