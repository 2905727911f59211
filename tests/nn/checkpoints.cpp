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
