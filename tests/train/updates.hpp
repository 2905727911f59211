// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "support/arrays.hpp"
#include "support/catch.hpp"

#include <functional>

/// Optimisers against their published formulas in plain loops. The loss sum(w * g) has the gradient g, whatever w is, so a test says what the gradients are.
namespace updates {

namespace xg = xgrad;
using namespace xg::literals;

inline constexpr auto w = xg::parameter<"w", xg::ones>(10_c);
inline constexpr auto slope = xg::input<"slope">(10_c);
inline constexpr auto loss = sum(w * slope);

/// One number of a parameter, its gradient, what is kept of it, and the step from 1.
struct number {
    double p = 1, g = 0;
    double a = 0, b = 0, c = 0;
};
using rule = std::function<void(std::array<number, 10>&, double)>;
rule each(auto formula) {
    return [=](std::array<number, 10>& all, double t) {
        for (number& n : all) formula(n, t);
    };
}

/// 30 steps of random gradients, of which some are 0 and some change their sign.
template <class Optimiser, class... Options>
void follows(Optimiser optimiser, const rule& formula, const number& start = {}, Options... options) {
    xg::trainer trainer{loss, optimiser, xg::precision<double>, options...};
    auto values = trainer.parameter("w"_p);
    std::array<number, 10> plain{};
    for (std::size_t i = 0; i < 10; ++i) {
        plain[i] = start;
        values(i) = plain[i].p = 0.3 * static_cast<double>(i) - 1;
    }
    double worst = 0;
    for (unsigned step = 1; step <= 30; ++step) {
        auto g = support::uniform<double>({10}, step, -1.5, 2);
        if (step > 3) g(step % 10) = 0;
        for (std::size_t i = 0; i < 10; ++i) plain[i].g = g(i);
        formula(plain, step);
        trainer.step(slope = g);
        for (std::size_t i = 0; i < 10; ++i) worst = std::max(worst, std::abs(values(i) - plain[i].p) / std::max(1e-3, std::abs(plain[i].p)));
    }
    CHECK(worst < 1e-11);
}

/// Keras's tests with published numbers: from ones, a gradient of 0.01, then 0.1, 0.2, ..., 1 again and again; five rows after as many steps, held to its own tolerance.
using golden = std::array<std::array<double, 10>, 5>;
constexpr golden tiled(const std::array<double, 5>& rows) {
    golden made{};
    for (std::size_t r = 0; r < 5; ++r) made[r].fill(rows[r]);
    return made;
}
template <class Optimiser>
void has_golden_values(Optimiser optimiser, const golden& expected) {
    xg::trainer trainer{loss, optimiser, xg::precision<double>};
    auto g = support::shaped<double>({10});
    g.fill(0.01);
    for (const std::array<double, 10>& row : expected) {
        trainer.step(slope = g);
        for (std::size_t i = 0; i < 10; ++i) CHECK(trainer.parameter("w"_p)(i) == Approx(row[i]).epsilon(0).margin(5e-4 * (1 + std::abs(row[i]))));
        for (std::size_t i = 0; i < 10; ++i) g(i) = 0.1 * static_cast<double>(i + 1);
    }
}
/// Keras's first step from 1, 2, 3, 4 with gradients 1, 6, 7, 2.
template <class Optimiser>
void has_first_step(Optimiser optimiser, const std::array<double, 4>& expected) {
    xg::trainer trainer{loss, optimiser, xg::precision<double>};
    auto values = trainer.parameter("w"_p);
    auto g = support::shaped<double>({10});
    const std::array<double, 4> gradients{1, 6, 7, 2};
    for (std::size_t i = 0; i < 4; ++i) {
        values(i) = static_cast<double>(i + 1);
        g(i) = gradients[i];
    }
    trainer.step(slope = g);
    for (std::size_t i = 0; i < 4; ++i) CHECK(values(i) == Approx(expected[i]).epsilon(1e-4).margin(1e-4));
}

}  // namespace updates
