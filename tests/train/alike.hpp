// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/xgrad.hpp>

#include <support/catch.hpp>

namespace alike {

/// Three steps of the same training, with kernels fused and apart: the same losses, and the same parameters of these names.
/// `data` is called with a trainer's step, as in `[&](auto step) { return step(x = X, t = T); }`.
void check_against_unfused(auto loss, auto optimiser, auto data, auto... names) {
    namespace xg = xgrad;
    xg::trainer fused{loss, optimiser, xg::seed{0}};
    xg::trainer apart{loss, optimiser, xg::seed{0}, xg::unfused};
    for (int k = 0; k < 3; ++k) {
        const double expected = data([&](auto... bound) { return apart.step(bound...); });
        CHECK(data([&](auto... bound) { return fused.step(bound...); }) == Approx(expected).epsilon(2e-5).margin(1e-6));
    }
    const auto check = [&](auto name) {
        const auto a = fused.parameter(name), b = apart.parameter(name);
        for (std::size_t k = 0; k < a.size(); ++k) CHECK(a.flat(k) == Approx(b.flat(k)).epsilon(3e-4).margin(3e-6));
    };
    (check(names), ...);
}

}  // namespace alike
