// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "ops/structural.hpp"

using namespace plain;

namespace {
constexpr auto x = xg::input<"x">(rows, columns);
constexpr auto u = xg::input<"u">(rows);
constexpr auto v = xg::input<"v">(columns);
}  // namespace

/// The full sum of operands that vary along different axes.
TEST_CASE("sums over all axes of mixed shapes", "[ops]") {
    auto program = xg::compile<double>(xg::sum(x * v), xg::sum(u * xg::sum(x, columns)), xg::mean(x + v)).prepare();
    for (const auto [r, c] : ragged()) {
        const auto X = support::uniform<double>({r, c}, 20);
        const auto U = support::uniform<double>({r}, 21), V = support::uniform<double>({c}, 22);
        real by_v = 0, by_u = 0, added = 0;
        for (std::size_t i = 0; i < r; ++i)
            for (std::size_t j = 0; j < c; ++j) {
                by_v += static_cast<real>(X(i, j)) * V(j);
                by_u += static_cast<real>(X(i, j)) * U(i);
                added += static_cast<real>(X(i, j)) + V(j);
            }
        const auto [a, b, m] = program(x = X, u = U, v = V);
        CHECK(a == Approx(static_cast<double>(by_v)).epsilon(1e-12).margin(1e-12));
        CHECK(b == Approx(static_cast<double>(by_u)).epsilon(1e-12).margin(1e-12));
        CHECK(m == Approx(static_cast<double>(added / static_cast<real>(r * c))).epsilon(1e-12).margin(1e-12));
    }
}
