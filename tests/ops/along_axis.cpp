// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// cumsum, reverse, slice, concat, reshape: linear, so that values, gradients and tangents are sums written down as loops.
#include "ops/structural.hpp"

using namespace plain;

namespace {
constexpr auto x = xg::input<"x">(rows, 5_c, 3_c);
constexpr auto w = xg::input<"w">(rows, 5_c, 3_c);
constexpr auto t = xg::input<"t">(rows, 5_c, 3_c);

using cube = array<double, 3>;
using place = std::array<std::size_t, 3>;

template <class F>
cube each(std::size_t r, std::size_t n, std::size_t m, F f) {
    cube made = support::shaped<double>({r, n, m});
    for (std::size_t i = 0; i < r; ++i)
        for (std::size_t j = 0; j < n; ++j)
            for (std::size_t k = 0; k < m; ++k) made(i, j, k) = static_cast<double>(f(place{i, j, k}));
    return made;
}
double at(const cube& a, const place& i) { return a(i[0], i[1], i[2]); }
bool close(const cube& a, const cube& b, double bound) {
    bool all = a.shape() == b.shape();
    for (std::size_t i = 0; all && i < a.size(); ++i) all = std::abs(a.data()[i] - b.data()[i]) <= bound;
    return all;
}

/// y_k = x_0 + ... + x_k, or from the end.
cube summed(const cube& a, std::size_t axis, bool backwards) {
    return each(a.shape()[0], a.shape()[1], a.shape()[2], [&](place i) {
        const std::size_t here = i[axis], n = a.shape()[axis];
        real total = 0;
        for (std::size_t k = backwards ? here : 0; k < (backwards ? n : here + 1); ++k) {
            i[axis] = k;
            total += at(a, i);
        }
        return total;
    });
}
cube reversed(const cube& a, std::size_t axis) {
    return each(a.shape()[0], a.shape()[1], a.shape()[2], [&](place i) {
        i[axis] = a.shape()[axis] - 1 - i[axis];
        return at(a, i);
    });
}

template <int Axis, class Program>
void cumsum_law(Program& program) {
    for (std::size_t r : {1u, 2u, 7u, 64u}) {
        const cube X = support::uniform<double>({r, 5, 3}, 1), W = support::uniform<double>({r, 5, 3}, 2), T = support::uniform<double>({r, 5, 3}, 3);
        const auto [y, slope, moved, turned, back, along] = program(x = X, w = W, t = T);
        CAPTURE(r, Axis);
        CHECK(close(y, summed(X, Axis, false), 1e-13));
        CHECK(close(slope, summed(W, Axis, true), 1e-13));
        CHECK(close(moved, summed(T, Axis, false), 1e-13));
        CHECK(close(turned, reversed(X, Axis), 0));
        CHECK(close(back, reversed(W, Axis), 0));
        CHECK(close(along, reversed(T, Axis), 0));
    }
}
template <int Axis>
auto cumsum_program() {
    constexpr auto y = xg::cumsum(x, xg::axes<Axis>);
    constexpr auto z = xg::reverse(x, xg::axes<Axis>);
    return xg::compile<double>(y, xg::gradient(xg::sum(w * y), x), xg::jvp(y, x, t), z, xg::gradient(xg::sum(w * z), x), xg::jvp(z, x, t)).prepare();
}
}  // namespace

TEST_CASE("cumsum and reverse along each axis", "[ops]") {
    auto first = cumsum_program<0>();
    auto middle = cumsum_program<1>();
    auto last = cumsum_program<-1>();
    cumsum_law<0>(first);
    cumsum_law<1>(middle);
    cumsum_law<2>(last);
}

TEST_CASE("cumsum in float adds in double, and the gradient of a gradient is one", "[ops]") {
    constexpr auto v = xg::input<"v">(columns);
    // Increments that a float sum of 2^24 would swallow.
    const std::size_t n = 3000;
    array<float, 1> V = support::shaped<float>({n});
    V(0) = 16777216;
    for (std::size_t i = 1; i < n; ++i) V(i) = 1;
    const auto y = xg::compile(xg::cumsum(v))(v = V);
    CHECK(y(n - 1) == static_cast<float>(16777216.0 + static_cast<double>(n - 1)));

    constexpr auto inner = xg::sum(xg::square(xg::cumsum(v)));
    constexpr auto slope = xg::gradient(inner, v);                          // 2 A^T A v
    constexpr auto second = xg::gradient(xg::sum(xg::square(slope)), v);    // 8 A^T A A^T A v
    const auto U = support::uniform<double>({6}, 4);
    const auto [g, h] = xg::compile<double>(slope, second)(v = U);
    auto gram = [](const std::vector<real>& a) {
        std::vector<real> s(6, 0), made(6, 0);
        for (std::size_t i = 0; i < 6; ++i)
            for (std::size_t k = 0; k <= i; ++k) s[i] += a[k];
        for (std::size_t i = 0; i < 6; ++i)
            for (std::size_t k = i; k < 6; ++k) made[i] += s[k];
        return made;
    };
    const std::vector<real> u(U.begin(), U.end()), once = gram(u), twice = gram(once);
    for (std::size_t i = 0; i < 6; ++i) {
        CHECK(g(i) == Approx(static_cast<double>(2 * once[i])).epsilon(1e-13));
        CHECK(h(i) == Approx(static_cast<double>(8 * twice[i])).epsilon(1e-13));
    }
}

TEST_CASE("slice: a range of one axis, and its gradient among zeros", "[ops]") {
    constexpr auto u = xg::input<"u">(rows, 2_c, 3_c);
    constexpr auto s = xg::slice<1, 3>(x, xg::axes<1>);
    constexpr auto end = xg::slice<-1, 3>(x);
    static_assert(xg::shape_of(s)[1].size == 2 && xg::shape_of(end)[2].size == 1 && xg::shape_of(end)[0].is_dynamic());
    static_assert(xg::shape_of(xg::slice<0, -1>(x, xg::axes<1>))[1].size == 4);
    constexpr auto quadratic = xg::sum(u * xg::square(s));
    auto program = xg::compile<double>(s, end, xg::gradient(quadratic, x), xg::jvp(s, x, t), xg::gradient(xg::sum(w * xg::square(xg::gradient(quadratic, x))), x)).prepare();
    for (std::size_t r : {1u, 3u, 16u}) {
        const cube X = support::uniform<double>({r, 5, 3}, 5), W = support::uniform<double>({r, 5, 3}, 6), T = support::uniform<double>({r, 5, 3}, 7);
        const cube U = support::uniform<double>({r, 2, 3}, 8);
        const auto [y, e, slope, moved, second] = program(x = X, w = W, t = T, u = U);
        CHECK(close(y, each(r, 2, 3, [&](place i) { return X(i[0], i[1] + 1, i[2]); }), 0));
        CHECK(close(e, each(r, 5, 1, [&](place i) { return X(i[0], i[1], 2); }), 0));
        CHECK(close(moved, each(r, 2, 3, [&](place i) { return T(i[0], i[1] + 1, i[2]); }), 0));
        auto inside = [](const place& i) { return i[1] == 1 || i[1] == 2; };
        CHECK(close(slope, each(r, 5, 3, [&](place i) { return inside(i) ? 2 * U(i[0], i[1] - 1, i[2]) * at(X, i) : 0; }), 1e-15));
        CHECK(close(second, each(r, 5, 3, [&](place i) { return inside(i) ? 8 * at(W, i) * U(i[0], i[1] - 1, i[2]) * U(i[0], i[1] - 1, i[2]) * at(X, i) : 0; }), 1e-13));
    }
}

TEST_CASE("concat: arrays one after the other, gradients as slices", "[ops]") {
    constexpr auto a = xg::input<"a">(rows, 2_c, 3_c);
    constexpr auto joined = xg::concat(a, x * x, a + a, xg::axes<1>);
    constexpr auto many = xg::concat(x, x, x, x, x, x, x);
    constexpr auto v = xg::input<"v">(rows, 9_c, 3_c);
    static_assert(xg::shape_of(joined)[1].size == 9 && xg::shape_of(many)[2].size == 21);
    auto program = xg::compile<double>(joined, many, xg::gradient(xg::sum(v * joined), a, x), xg::jvp(joined, x, t)).prepare();
    for (std::size_t r : {1u, 3u, 17u}) {
        const cube X = support::uniform<double>({r, 5, 3}, 9), A = support::uniform<double>({r, 2, 3}, 10), V = support::uniform<double>({r, 9, 3}, 11), T = support::uniform<double>({r, 5, 3}, 12);
        const auto [y, m, da, dx, moved] = program(x = X, a = A, v = V, t = T);
        CHECK(close(y, each(r, 9, 3, [&](place i) {
            if (i[1] < 2) return A(i[0], i[1], i[2]);
            return i[1] < 7 ? X(i[0], i[1] - 2, i[2]) * X(i[0], i[1] - 2, i[2]) : 2 * A(i[0], i[1] - 7, i[2]);
        }), 0));
        CHECK(close(m, each(r, 5, 21, [&](place i) { return X(i[0], i[1], i[2] % 3); }), 0));
        CHECK(close(da, each(r, 2, 3, [&](place i) { return V(i[0], i[1], i[2]) + 2 * V(i[0], i[1] + 7, i[2]); }), 1e-15));
        CHECK(close(dx, each(r, 5, 3, [&](place i) { return 2 * V(i[0], i[1] + 2, i[2]) * at(X, i); }), 1e-15));
        CHECK(close(moved, each(r, 9, 3, [&](place i) { return i[1] < 2 || i[1] >= 7 ? 0 : 2 * X(i[0], i[1] - 2, i[2]) * T(i[0], i[1] - 2, i[2]); }), 1e-15));
    }
}

TEST_CASE("reshape and flatten keep the order in memory, also of what was turned", "[ops]") {
    constexpr auto flat = xg::flatten(x);
    constexpr auto turned = xg::reshape(xg::transpose(x), 3_c, rows, 5_c);
    constexpr auto v = xg::input<"v">(rows, 15_c);
    static_assert(xg::shape_of(flat).rank == 2 && xg::shape_of(flat)[1].size == 15);
    constexpr auto quadratic = xg::sum(v * xg::square(flat));
    auto program = xg::compile<double>(flat, turned, xg::gradient(quadratic, x), xg::jvp(flat, x, t), xg::gradient(xg::sum(xg::square(xg::gradient(quadratic, x))), x)).prepare();
    for (std::size_t r : {1u, 3u, 16u}) {
        const cube X = support::uniform<double>({r, 5, 3}, 13), T = support::uniform<double>({r, 5, 3}, 14);
        const auto V = support::uniform<double>({r, 15}, 15);
        const auto [f, u, slope, moved, second] = program(x = X, v = V, t = T);
        REQUIRE(f.shape()[0] == r);
        CHECK(std::equal(f.begin(), f.end(), X.begin()));
        CHECK(std::equal(moved.begin(), moved.end(), T.begin()));
        bool equal = u.shape()[0] == 3 && u.shape()[1] == r && u.shape()[2] == 5, close_enough = true;
        for (std::size_t i = 0; i < X.size(); ++i) {
            const std::size_t row = i / 15, k = i % 15 / 5, j = i % 5;  // the place in memory of transpose(x)
            equal = equal && u.data()[i] == X(row, j, k);
            close_enough = close_enough && std::abs(slope.data()[i] - 2 * V.data()[i] * X.data()[i]) < 1e-15 &&
                           std::abs(second.data()[i] - 8 * V.data()[i] * V.data()[i] * X.data()[i]) < 1e-13;
        }
        CHECK(equal);
        CHECK(close_enough);
    }
}
