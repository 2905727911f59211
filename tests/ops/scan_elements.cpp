// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Elements that have fewer axes than the states: one number a step, one a feature.
#include <xgrad/ops/scan.hpp>
#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/dual.hpp"

namespace xg = xgrad;
using namespace xg::literals;
using support::arrays_of, support::far, support::slope, support::flat;

namespace {
constexpr auto batch = xg::axis<"batch">;
constexpr auto steps = xg::axis<"steps">;
constexpr auto z0 = xg::input<"z0">(batch, 3_c);
constexpr auto dt = xg::input<"dt">(steps);
constexpr auto force = xg::input<"force">(steps, 3_c);
constexpr auto gain = xg::input<"gain">(3_c);
constexpr auto weight = xg::input<"weight">(steps, batch, 3_c);
constexpr auto inner = xg::axis<"inner">;
constexpr auto d = xg::input<"d">(inner);
constexpr auto euler = [](auto z, auto time, auto f) { return z + time * (gain * tanh(f) - z * z); };

/// Euler's steps; arrays: dt, force, z0, gain.
struct plain_euler {
    std::size_t b, t;
    template <class R>
    std::vector<R> operator()(const arrays_of<R>& a) const {
        using std::tanh;
        std::vector<R> all, z = a[2];
        for (std::size_t k = 0; k < t; ++k) {
            for (std::size_t i = 0; i < b; ++i)
                for (std::size_t j = 0; j < 3; ++j) z[i * 3 + j] = z[i * 3 + j] + a[0][k] * (a[3][j] * tanh(a[1][k * 3 + j]) - z[i * 3 + j] * z[i * 3 + j]);
            all.insert(all.end(), z.begin(), z.end());
        }
        return all;
    }
};
}  // namespace

TEST_CASE("scan: an element of one number a step, and one of a number a feature", "[ops]") {
    constexpr auto z = xg::scan(steps, euler, z0, dt, force);
    constexpr auto loss = xg::sum(z * weight);
    const auto program = xg::compile<double>(z, xg::gradient(loss, dt), xg::gradient(loss, force), xg::gradient(loss, z0), xg::gradient(loss, gain));
    // as many rows as features, and as steps, too: no extent tells the axes apart
    for (const auto& [b, t] : {std::array<std::size_t, 2>{2, 5}, {3, 3}, {1, 1}}) {
        INFO(b << " rows, " << t << " steps");
        const auto D = support::uniform<double>({t}, 1, 0, 0.3), G = support::uniform<double>({3}, 4);
        const auto F = support::uniform<double>({t, 3}, 2), Z = support::uniform<double>({b, 3}, 3);
        const auto V = support::uniform<double>({t, b, 3}, 5);
        const auto got = program(dt = D, force = F, z0 = Z, gain = G, weight = V);
        const plain_euler plain{b, t};
        const auto given = flat(D, F, Z, G);
        CHECK(far(std::get<0>(got), plain(given)) < 1e-14);
        CHECK(far(std::get<1>(got), slope(plain, given, 0, flat(V)[0])) < 1e-13);
        CHECK(far(std::get<2>(got), slope(plain, given, 1, flat(V)[0])) < 1e-13);
        CHECK(far(std::get<3>(got), slope(plain, given, 2, flat(V)[0])) < 1e-13);
        CHECK(far(std::get<4>(got), slope(plain, given, 3, flat(V)[0])) < 1e-13);
    }
}

TEST_CASE("scan: where states have different ranks, elements stay as they are", "[ops]") {
    constexpr auto both = xg::scan(steps, [](auto z, auto now, auto e) { return std::tuple{z * z, now + e}; }, std::tuple{z0, 0_c}, dt);
    constexpr auto time = std::get<1>(both);
    STATIC_REQUIRE(xg::ast::node_traits<std::remove_const_t<decltype(time)>>::of()->extents.rank == 1);
    const auto D = support::uniform<double>({4}, 1);
    const auto got = xg::compile<double>(time)(dt = D, z0 = support::uniform<double>({2, 3}, 2));
    double sum = 0;
    for (std::size_t k = 0; k < 4; ++k) CHECK(got(k) == Approx(sum += D(k)));
}

TEST_CASE("scan: an element of one number a step of the inner of two loops", "[ops]") {
    constexpr auto loop = [](auto state, auto f) {
        return xg::last_of(xg::scan(inner, [](auto s, auto e) { return s + e * s; }, state, d), inner) + f;
    };
    constexpr auto z = xg::scan(steps, loop, z0, force);
    const auto F = support::uniform<double>({2, 3}, 1), Z = support::uniform<double>({2, 3}, 2);
    const auto D = support::uniform<double>({2}, 3);
    const auto got = xg::compile<double>(z)(force = F, z0 = Z, d = D);
    for (std::size_t i = 0; i < 2; ++i)
        for (std::size_t j = 0; j < 3; ++j) {
            const double factor = (1 + D(0)) * (1 + D(1)), one = Z(i, j) * factor + F(0, j);
            CHECK(got(0, i, j) == Approx(one));
            CHECK(got(1, i, j) == Approx(one * factor + F(1, j)));
        }
}

TEST_CASE("scan: an activation with options, of a state that begins with numbers", "[ops]") {
    constexpr auto z = xg::scan(steps, [](auto h, auto f) { return xg::softplus(h) * 0.5_c + xg::leaky_relu(h) + f; }, xg::broadcast(-1_c, batch, 3_c), weight);
    const auto W = support::uniform<double>({2, 1, 3}, 1);
    const auto got = xg::compile<double>(z)(weight = W);
    for (std::size_t j = 0; j < 3; ++j) {
        double h = -1;
        for (std::size_t k = 0; k < 2; ++k) {
            h = 0.5 * std::log1p(std::exp(h)) + (h > 0 ? h : 0.01 * h) + W(k, 0, j);
            CHECK(got(k, 0, j) == Approx(h));
        }
    }
}
