// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// conv1d against plain loops: values, gradients, a gradient of a gradient; sequences of unequal length; in a loop over another axis.
#include <xgrad/nn/conv1d.hpp>

#include "support/catch.hpp"
#include "support/dual.hpp"

namespace xg = xgrad;
using namespace xg::literals;
using support::arrays_of, support::far, support::flat, support::slope;

namespace {
constexpr auto batch = xg::axis<"batch">;
constexpr auto steps = xg::axis<"steps">;

/// x, weight [size, in, n], bias: filters slid over the steps, one sequence after the other or one step after the other.
struct sliding {
    std::size_t b, t, in, n, size, dilation = 1, before = 0, stride = 1, windows = t;
    bool steps_first = false;
    std::vector<std::size_t> lengths{};  ///< steps beyond these are 0

    template <class R>
    std::vector<R> operator()(const arrays_of<R>& a) const {
        std::vector<R> all(b * windows * n);
        for (std::size_t i = 0; i < b; ++i)
            for (std::size_t w = 0; w < windows; ++w)
                for (std::size_t j = 0; j < n; ++j) {
                    R sum = a[2][j];
                    for (std::size_t k = 0; k < size; ++k) {
                        const std::size_t at = w * stride + k * dilation;  // counted with the zeros before
                        if (at < before || at - before >= (lengths.empty() ? t : lengths[i])) continue;
                        const std::size_t s = at - before, row = steps_first ? s * b + i : i * t + s;
                        for (std::size_t c = 0; c < in; ++c) sum += a[0][row * in + c] * a[1][(k * in + c) * n + j];
                    }
                    all[(steps_first ? w * b + i : i * windows + w) * n + j] = sum;
                }
        return all;
    }
};
/// The gradient by x of sum(v y^2), for a gradient of a gradient.
struct slope_of_squares {
    sliding y;
    std::vector<double> v;
    template <class R>
    std::vector<R> operator()(const arrays_of<R>& a) const {
        const auto squares = [&](const auto& arrays) {
            auto made = y(arrays);
            for (auto& one : made) one = one * one;
            return made;
        };
        return slope(squares, a, 0, v);
    }
};
constexpr auto weight = xg::parameter<"a.weight", xg::glorot_uniform>(3_c, 2_c, 3_c);
constexpr auto bias = xg::parameter<"a.bias">(3_c);
}  // namespace

TEST_CASE("conv1d: dilated, zeros around, sequences of unequal length", "[nn]") {
    constexpr auto x = xg::input<"x">(batch, steps, 2_c);
    constexpr auto u = xg::input<"u">(batch, steps, 2_c);
    constexpr auto v = xg::input<"v">(batch, steps, 3_c);
    constexpr auto there = xg::mask<"there">(batch, steps);
    constexpr auto y = xg::conv1d<"a">(steps, 3_c, 3_c, xg::dilation(2_c), xg::step_mask(there))(x);
    static_assert(xg::shape_of(y) == xg::shape_of(v));
    constexpr auto total = xg::sum(y * v);
    constexpr auto again = xg::sum(u * xg::gradient(xg::sum(v * xg::square(y)), x));
    const auto program = xg::compile<double>(y, xg::gradient(total, x, weight, bias), xg::jvp(y, x, u), xg::gradient(again, x, weight, bias));
    const auto W = support::uniform<double>({3, 2, 3}, 1);
    const auto B = support::uniform<double>({3}, 2);
    for (const auto& [b, t] : {std::pair<std::size_t, std::size_t>{1, 1}, {4, 3}, {3, 9}}) {
        const auto X = support::uniform<double>({b, t, 2}, 3), U = support::uniform<double>({b, t, 2}, 4), V = support::uniform<double>({b, t, 3}, 5);
        sliding plain{.b = b, .t = t, .in = 2, .n = 3, .size = 3, .dilation = 2, .before = 2, .windows = t};
        auto mask = support::shaped<bool>({b, t});
        auto other = X;  // what stands in the padding has no influence
        for (std::size_t i = 0; i < b; ++i) {
            plain.lengths.push_back(1 + 5 * i % t);
            for (std::size_t s = 0; s < t; ++s) {
                mask(i, s) = s < plain.lengths[i];
                for (std::size_t c = 0; c < 2; ++c) other(i, s, c) = mask(i, s) ? X(i, s, c) : std::numeric_limits<double>::quiet_NaN();
            }
        }
        INFO(b << " sequences, " << t << " steps");
        const auto given = flat(X, W, B);
        const auto vs = flat(V)[0], us = flat(U)[0];
        const auto [value, dx, dw, db, moved, ddx, ddw, ddb] = program(x = other, u = U, v = V, there = mask, weight = W, bias = B);
        CHECK(far(value, plain(given)) < 1e-14);
        CHECK(far(dx, slope(plain, given, 0, vs)) < 1e-14);
        CHECK(far(dw, slope(plain, given, 1, vs)) < 1e-14);
        CHECK(far(db, slope(plain, given, 2, vs)) < 1e-14);
        CHECK(far(moved, plain(flat(U, W, support::shaped<double>({3})))) < 1e-14);
        const slope_of_squares twice{plain, vs};
        CHECK(far(ddx, slope(twice, given, 0, us)) < 1e-13);
        CHECK(far(ddw, slope(twice, given, 1, us)) < 1e-13);
        CHECK(far(ddb, slope(twice, given, 2, us)) < 1e-13);
        // Each sequence alone has the output and the gradient by its input that it has in the batch, bit by bit, where the loss leaves the padding out.
        auto counted = V;
        for (std::size_t i = 0; i < b; ++i)
            for (std::size_t s = plain.lengths[i]; s < t; ++s)
                for (std::size_t j = 0; j < 3; ++j) counted(i, s, j) = 0;
        const auto padded = program(x = other, u = U, v = counted, there = mask, weight = W, bias = B);
        for (std::size_t i = 0; i < b; ++i) {
            const std::size_t n = plain.lengths[i];
            auto x1 = support::shaped<double>({1, n, 2}), v1 = support::shaped<double>({1, n, 3});
            auto m1 = support::shaped<bool>({1, n});
            std::fill(m1.begin(), m1.end(), true);
            std::copy_n(&X(i, 0, 0), 2 * n, x1.data());
            std::copy_n(&V(i, 0, 0), 3 * n, v1.data());
            const auto alone = program(x = x1, u = x1, v = v1, there = m1, weight = W, bias = B);
            CHECK(std::equal(std::get<0>(alone).data(), std::get<0>(alone).data() + 3 * n, &std::get<0>(padded)(i, 0, 0)));
            CHECK(std::equal(std::get<1>(alone).data(), std::get<1>(alone).data() + 2 * n, &std::get<1>(padded)(i, 0, 0)));
        }
    }
}

TEST_CASE("conv1d: causal, steps outermost, in float", "[nn]") {
    constexpr auto x = xg::input<"x">(steps, batch, 5_c);
    constexpr auto v = xg::input<"v">(steps, batch, 17_c);
    constexpr auto w = xg::parameter<"a.weight", xg::glorot_uniform>(4_c, 5_c, 17_c);
    constexpr auto c = xg::parameter<"a.bias">(17_c);
    constexpr auto y = xg::sequential(xg::conv1d<"a">(steps, 17_c, 4_c, xg::causal))(x);
    const auto program = xg::compile(y, xg::gradient(xg::sum(y * v), x, w, c));
    const auto W = support::uniform<float>({4, 5, 17}, 1);
    const auto B = support::uniform<float>({17}, 2);
    for (const auto& [b, t] : {std::pair<std::size_t, std::size_t>{1, 2}, {7, 6}, {3, 20}}) {
        const auto X = support::uniform<float>({t, b, 5}, 3), V = support::uniform<float>({t, b, 17}, 4);
        const sliding plain{.b = b, .t = t, .in = 5, .n = 17, .size = 4, .before = 3, .windows = t, .steps_first = true};
        const auto given = flat(X, W, B);
        const auto vs = flat(V)[0];
        const auto [value, dx, dw, db] = program(x = X, v = V, w = W, c = B);
        CHECK(far(value, plain(given)) < 1e-6);
        CHECK(far(dx, slope(plain, given, 0, vs)) < 1e-6);
        CHECK(far(dw, slope(plain, given, 1, vs)) < 1e-6);
        CHECK(far(db, slope(plain, given, 2, vs)) < 1e-6);
    }
}

TEST_CASE("conv1d: a number of steps, valid and with strides", "[nn]") {
    constexpr auto x = xg::input<"x">(batch, 10_c, 2_c);
    constexpr auto inside = xg::conv1d<"a">(xg::axes<1>, 3_c, 3_c, xg::valid, xg::dilation(2_c), xg::stride(3_c))(x);
    constexpr auto around = xg::conv1d<"a">(xg::axes<-2>, 3_c, 3_c, xg::stride(2_c))(x);
    static_assert(xg::shape_of(inside)[1].size == 2 && xg::shape_of(around)[1].size == 5);
    constexpr auto v = xg::input<"v">(batch, 2_c, 3_c);
    constexpr auto u = xg::input<"u">(batch, 5_c, 3_c);
    const auto program = xg::compile<double>(inside, xg::gradient(xg::sum(inside * v), x, weight), around, xg::gradient(xg::sum(around * u), x, weight));
    const std::size_t b = 3;
    const auto X = support::uniform<double>({b, 10, 2}, 1), V = support::uniform<double>({b, 2, 3}, 2), U = support::uniform<double>({b, 5, 3}, 3);
    const auto W = support::uniform<double>({3, 2, 3}, 4);
    const auto B = support::uniform<double>({3}, 5);
    const auto given = flat(X, W, B);
    const auto [i, idx, idw, a, adx, adw] = program(x = X, v = V, u = U, weight = W, bias = B);
    const sliding first{.b = b, .t = 10, .in = 2, .n = 3, .size = 3, .dilation = 2, .stride = 3, .windows = 2};
    CHECK(far(i, first(given)) < 1e-14);
    CHECK(far(idx, slope(first, given, 0, flat(V)[0])) < 1e-14);
    CHECK(far(idw, slope(first, given, 1, flat(V)[0])) < 1e-14);
    const sliding second{.b = b, .t = 10, .in = 2, .n = 3, .size = 3, .before = 1, .stride = 2, .windows = 5};
    CHECK(far(a, second(given)) < 1e-14);
    CHECK(far(adx, slope(second, given, 0, flat(U)[0])) < 1e-14);
    CHECK(far(adw, slope(second, given, 1, flat(U)[0])) < 1e-14);
}

constexpr auto points = xg::axis<"points">;
TEST_CASE("conv1d in a loop: a line of points whose states see their neighbours'", "[nn]") {
    constexpr auto x = xg::input<"x">(steps, points, 2_c);
    constexpr auto w = xg::parameter<"a.weight", xg::glorot_uniform>(3_c, 2_c, 2_c);
    constexpr auto c = xg::parameter<"a.bias">(2_c);
    constexpr auto h = xg::scan(steps, [](auto state, auto e) { return tanh(xg::conv1d<"a">(points, 2_c, 3_c)(state) + e); }, xg::broadcast(0_c, points, 2_c), x);
    const auto program = xg::compile<double>(h, xg::gradient(xg::sum(xg::square(h)), x, w, c));
    const auto plain = []<class R>(const arrays_of<R>& a) {
        const sliding next{.b = 1, .t = 5, .in = 2, .n = 2, .size = 3, .before = 1, .windows = 5};
        std::vector<R> state(10), all;
        for (std::size_t s = 0; s < 4; ++s) {
            state = next(arrays_of<R>{state, a[1], a[2]});
            for (std::size_t i = 0; i < 10; ++i) {
                using std::tanh;
                state[i] = tanh(state[i] + a[0][s * 10 + i]);
                all.push_back(state[i]);
            }
        }
        return all;
    };
    const auto X = support::uniform<double>({4, 5, 2}, 1), W = support::uniform<double>({3, 2, 2}, 2);
    const auto B = support::uniform<double>({2}, 3);
    const auto given = flat(X, W, B);
    const auto [value, dx, dw, db] = program(x = X, w = W, c = B);
    auto twice = plain(given);
    CHECK(far(value, twice) < 1e-14);
    for (double& one : twice) one *= 2;
    CHECK(far(dx, slope(plain, given, 0, twice)) < 1e-13);
    CHECK(far(dw, slope(plain, given, 1, twice)) < 1e-13);
    CHECK(far(db, slope(plain, given, 2, twice)) < 1e-13);
}

TEST_CASE("conv1d: the weight starts by the fans of a window", "[nn]") {
    constexpr const xg::declaration& d = xg::detail::declared_parameter<"w", xg::leaf_kind::parameter, xg::glorot_uniform, xg::static_extent<3>{}, xg::static_extent<20>{}, xg::static_extent<50>{}>;
    std::vector<double> made(3000);
    xg::initialise(d, 1, made.data(), made.size());
    double largest = 0;
    for (const double one : made) largest = std::max(largest, std::abs(one));
    const double bound = std::sqrt(6.0 / (3 * 20 + 3 * 50));
    CHECK(largest <= bound);
    CHECK(largest > 0.99 * bound);
}
