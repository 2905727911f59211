// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Loops that keep every few states only and run again on the way back, beside those that keep all, and beside plain loops in double.
#include <xgrad/ops/scan.hpp>

#include "support/catch.hpp"
#include "support/dual.hpp"

namespace xg = xgrad;
using namespace xg::literals;
using support::arrays_of, support::far, support::flat, support::slope;

namespace {
constexpr auto batch = xg::axis<"batch">;
constexpr auto steps = xg::axis<"steps">;
constexpr auto x = xg::input<"x">(steps, batch, 4_c);
constexpr auto rows = xg::input<"rows">(batch, steps, 4_c);
constexpr auto v = xg::input<"v">(steps, batch, 4_c);
constexpr auto a0 = xg::input<"a0">(batch, 4_c);
constexpr auto b0 = xg::input<"b0">(batch, 4_c);
constexpr auto W = xg::parameter<"W">(4_c, 4_c);
constexpr auto U = xg::parameter<"U">(4_c, 4_c);
constexpr auto b = xg::parameter<"b">(4_c);

auto elements(std::size_t t) { return support::uniform<double>({t, 3, 4}, 1); }
auto weights_of_loss(std::size_t t) { return support::uniform<double>({t, 3, 4}, 2); }
const auto A0 = support::uniform<double>({3, 4}, 3), B0 = support::uniform<double>({3, 4}, 4);
const auto W_data = support::uniform<double>({4, 4}, 5, -1, 1), U_data = support::uniform<double>({4, 4}, 6, -1, 1);
const auto b_data = support::uniform<double>({4}, 7);

/// The largest difference of two results, relative to the largest number.
template <class A>
double gap(const A& one, const A& two) {
    return far(one, flat(two)[0]);
}
template <class... A>
std::vector<double> gaps(const std::tuple<A...>& one, const std::tuple<A...>& two) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) { return std::vector<double>{gap(std::get<I>(one), std::get<I>(two))...}; }(std::index_sequence_for<A...>{});
}
/// A program with checkpoints every `Every` steps beside one without, for numbers of steps around the multiples, the same memory for all of them.
/// Results whose number is below `same` do not depend on an order of sums: these have the same bits.
template <int Every, class Formulas, class Run>
std::pair<std::size_t, std::size_t> holds(Formulas formulas, std::size_t same, Run run) {
    auto plain = xg::compile<double>(formulas).prepare();
    auto kept = xg::compile<double>(formulas, xg::checkpoint_every<Every>).prepare();
    CHECK(plain.plan.size.checkpoints == 0);
    constexpr std::size_t k = Every;
    for (const std::size_t t : {std::size_t{1}, k - 1, k, k + 1, 2 * k, 3 * k - 1, std::size_t{2}, std::size_t{1000}}) {
        if (t == 0) continue;
        const std::vector<double> apart = gaps(run(kept, t), run(plain, t));
        for (std::size_t i = 0; i < apart.size(); ++i) {
            INFO(t << " steps, result " << i);
            CHECK(apart[i] <= (i < same ? 0.0 : 2e-13));
        }
    }
    return {plain.arena_bytes(), kept.arena_bytes()};
}
}  // namespace

TEST_CASE("checkpoints: a cell, against a plain loop too", "[ops]") {
    constexpr auto h = xg::scan(steps, [](auto state, auto e) { return tanh(matmul(e, W) + matmul(state, U) + b); }, a0, x);
    constexpr auto loss = xg::sum(h * v);
    constexpr auto formulas = std::tuple{xg::gradient(loss, x), xg::gradient(loss, a0), loss, xg::gradient(loss, W), xg::gradient(loss, U), xg::gradient(loss, b)};
    const auto run = [](auto& program, std::size_t t) { return program(x = elements(t), v = weights_of_loss(t), a0 = A0, W = W_data, U = U_data, b = b_data); };
    const auto [plain, kept] = holds<4>(formulas, 2, run);
    CHECK(10 * kept < plain);

    const auto loop = [](const auto& a) {
        using std::tanh;
        auto state = a[1];
        auto all = a[0];
        for (std::size_t k = 0; k < a[0].size() / 12; ++k) {
            auto next = state;
            for (std::size_t i = 0; i < 3; ++i)
                for (std::size_t j = 0; j < 4; ++j) {
                    auto total = a[4][j];
                    for (std::size_t l = 0; l < 4; ++l) total += a[0][k * 12 + i * 4 + l] * a[2][l * 4 + j] + state[i * 4 + l] * a[3][l * 4 + j];
                    next[i * 4 + j] = all[k * 12 + i * 4 + j] = tanh(total);
                }
            state = next;
        }
        return all;
    };
    auto program = xg::compile<double>(formulas, xg::checkpoint_every<4>).prepare();
    for (const std::size_t t : {3u, 9u}) {
        const auto got = run(program, t);
        const auto given = flat(elements(t), A0, W_data, U_data, b_data);
        const std::vector<double> weights = flat(weights_of_loss(t))[0];
        CHECK(far(std::get<0>(got), slope(loop, given, 0, weights)) < 1e-13);
        CHECK(far(std::get<1>(got), slope(loop, given, 1, weights)) < 1e-13);
        CHECK(far(std::get<3>(got), slope(loop, given, 2, weights)) < 1e-13);
        CHECK(far(std::get<4>(got), slope(loop, given, 3, weights)) < 1e-13);
        CHECK(far(std::get<5>(got), slope(loop, given, 4, weights)) < 1e-13);
    }
}

TEST_CASE("checkpoints: rows outermost, backwards, two states, and a loss that is needed before the way back", "[ops]") {
    constexpr auto two = xg::scan_back(steps, [](auto p, auto q, auto e) {
        const auto z = matmul(e, W) + matmul(p, U);
        return std::tuple{tanh(z + q), xg::sigmoid(z) * q + p};
    }, std::tuple{a0, b0}, rows);
    constexpr auto mean = xg::mean(std::get<0>(two)) + xg::mean(xg::softplus(std::get<1>(two)) * rows);
    constexpr auto loss = xg::square(mean) + xg::exp(mean);
    const auto [plain, kept] = holds<5>(std::tuple{std::get<1>(two), loss, xg::gradient(loss, rows), xg::gradient(loss, b0), xg::gradient(loss, W), xg::gradient(loss, U)}, 4,
                                        [](auto& program, std::size_t t) { return program(rows = support::uniform<double>({3, t, 4}, 1), a0 = A0, b0 = B0, W = W_data, U = U_data); });
    CHECK(2 * kept < plain);
}

TEST_CASE("checkpoints: loops on top of each other, in both directions, one after the other, and one without kernels", "[ops]") {
    constexpr auto cell = [](auto state, auto e) { return tanh(matmul(state, U) + e); };
    constexpr auto first = xg::scan(steps, cell, a0, x);
    constexpr auto second = xg::scan(steps, cell, b0, xg::matmul(first, U));
    constexpr auto back = xg::scan_back(steps, [](auto state, auto e, auto f) { return xg::sigmoid(state + e * f); }, b0, x, first);
    constexpr auto after = xg::scan(steps, cell, xg::last_of(second, steps) * b0, v);
    constexpr auto lag = xg::scan(steps, [](auto p, auto, auto e) { return std::tuple{e, p}; }, std::tuple{a0, b0}, first);
    constexpr auto loss = xg::sum(xg::square(xg::last_of(after, steps))) + xg::sum(back * v) + xg::sum(xg::square(std::get<1>(lag)) * v);
    const auto [plain, kept] = holds<6>(std::tuple{back, xg::gradient(loss, x), xg::gradient(loss, b0), loss, xg::gradient(loss, U)}, 1,
                                        [](auto& program, std::size_t t) { return program(x = elements(t), v = weights_of_loss(t), a0 = A0, b0 = B0, U = U_data); });
    CHECK(kept < plain);
}

TEST_CASE("checkpoints: derivatives of derivatives", "[ops]") {
    constexpr auto h = xg::scan(steps, [](auto state, auto e) { return tanh(matmul(state, U) + e) * b0; }, a0, x);
    constexpr auto loss = xg::sum(h * v);
    constexpr auto again = xg::sum(xg::square(xg::gradient(loss, x)));
    holds<1>(std::tuple{xg::gradient(again, x), xg::gradient(again, a0), again, xg::gradient(again, U)}, 2,
             [](auto& program, std::size_t t) { return program(x = elements(t), v = weights_of_loss(t), a0 = A0, b0 = B0, U = U_data); });
}
