// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Recurrent layers that keep every few states only, in training, beside those that keep all.
#include <xgrad/nn/recurrent.hpp>

#include "support/arrays.hpp"
#include "support/catch.hpp"

namespace xg = xgrad;
using namespace xg::literals;

namespace {
constexpr auto batch = xg::axis<"batch">;
constexpr auto steps = xg::axis<"steps">;
}  // namespace

TEST_CASE("checkpoints: an lstm with a mask, every 32nd step kept", "[nn]") {
    constexpr auto x = xg::input<"x">(steps, batch, 4_c);
    constexpr auto there = xg::mask<"there">(steps, batch);
    constexpr auto h = xg::lstm<"a">(steps, 8_c, xg::step_mask(there))(x);
    constexpr auto loss = xg::mean(xg::square(xg::last_of(h, steps) - 1_c));
    xg::trainer plain{loss, xg::sgd{.learning_rate = 0.1}, xg::precision<double>};
    xg::trainer kept{loss, xg::sgd{.learning_rate = 0.1}, xg::precision<double>, xg::checkpoint_every<32>};
    for (const std::size_t t : {1u, 31u, 32u, 33u, 1024u, 7u}) {
        const auto X = support::uniform<double>({t, 3, 4}, 1);
        auto mask = support::shaped<bool>({t, 3});
        for (std::size_t i = 0; i < t; ++i)
            for (std::size_t row = 0; row < 3; ++row) mask(i, row) = i * row < t;
        INFO(t << " steps");
        for (int k = 0; k < 3; ++k) CHECK(kept.step(x = X, there = mask) == Approx(plain.step(x = X, there = mask)).epsilon(1e-12));
    }
    CHECK(10 * kept.arena_bytes() < plain.arena_bytes());
}

TEST_CASE("checkpoints: a chain, whose steps have loops of their own; loops in loops are run as without", "[nn]") {
    constexpr auto z = xg::input<"z">(batch, steps, 3_c);
    constexpr auto t = xg::labels<"t">(batch, steps, xg::classes(3_c));
    constexpr auto a = xg::input<"a">(3_c, 3_c);
    constexpr auto chain = xg::sum(xg::linear_chain_crf(steps, z, t, a));
    auto plain = xg::compile<double>(chain, xg::gradient(chain, z, a)).prepare();
    auto kept = xg::compile<double>(chain, xg::gradient(chain, z, a), xg::checkpoint_every<4>).prepare();
    CHECK(kept.plan.size.checkpoints > 0);
    const auto A = support::uniform<double>({3, 3}, 2);
    for (const std::size_t n : {1u, 3u, 4u, 5u, 30u}) {
        const auto Z = support::uniform<double>({2, n, 3}, 1);
        auto T = support::shaped<int>({2, n});
        for (std::size_t i = 0; i < T.size(); ++i) T.data()[i] = static_cast<int>(i * i % 3);
        INFO(n << " steps");
        const auto [loss, dz, da] = plain(z = Z, t = T, a = A);
        const auto [loss_kept, dz_kept, da_kept] = kept(z = Z, t = T, a = A);
        CHECK(loss_kept == Approx(loss).epsilon(1e-13));
        for (std::size_t i = 0; i < dz.size(); ++i) CHECK(std::abs(dz_kept.data()[i] - dz.data()[i]) <= 1e-13);
        for (std::size_t i = 0; i < da.size(); ++i) CHECK(std::abs(da_kept.data()[i] - da.data()[i]) <= 1e-12);
    }

    constexpr auto turns = xg::axis<"turns">;
    constexpr auto u = xg::input<"u">(turns, steps, batch, 3_c);
    constexpr auto zero = xg::broadcast(0_c, batch, 3_c);
    constexpr auto inner = [](auto h, auto e) { return xg::tanh(h + e); };
    constexpr auto nested = xg::sum(xg::scan(turns, [](auto h, auto e) { return xg::last_of(xg::scan(steps, decltype(inner){}, h, e), steps); }, zero, u));
    auto nested_kept = xg::compile<double>(nested, xg::gradient(nested, u), xg::checkpoint_every<2>).prepare();
    CHECK(nested_kept.plan.size.checkpoints == 0);
    const auto U = support::uniform<double>({3, 5, 2, 3}, 3);
    const auto [all, du] = xg::compile<double>(nested, xg::gradient(nested, u))(u = U);
    const auto [all_kept, du_kept] = nested_kept(u = U);
    CHECK(all_kept == all);
    CHECK(du_kept == du);
}
