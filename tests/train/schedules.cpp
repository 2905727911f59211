// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "support/catch.hpp"

#include <xgrad/train/schedule_warm_up.hpp>

#include <vector>

namespace xg = xgrad;
using Catch::Matchers::Contains;

/// Published values: those of Optax's, Keras's and PyTorch's tests and documentation, and closed forms.
namespace {
void gives(auto schedule, const std::vector<double>& expected, double from = 0) {
    for (std::size_t i = 0; i < expected.size(); ++i) {
        INFO("step " << from + static_cast<double>(i));
        CHECK(schedule(from + static_cast<double>(i)) == Approx(expected[i]).epsilon(1e-12).margin(1e-15));
    }
}
}  // namespace

TEST_CASE("constant, step and piecewise schedules", "[train]") {
    gives(xg::constant_rate{10}, {10, 10, 10});
    gives(xg::step_decay{.from = 0.05, .steps = 3, .factor = 0.1}, {0.05, 0.05, 0.05, 0.005, 0.005, 0.005, 0.0005});
    gives(xg::piecewise<3>{.values = {0.1, 0.2, 0.1}, .boundaries = {3, 6}}, {0.1, 0.1, 0.1, 0.2, 0.2, 0.2, 0.1, 0.1});  // Optax: 0.1, times 2 at 3, times 0.5 at 6
    gives(xg::piecewise<4>{.values = {0.4, 0.5, 0.6, 0.7}, .boundaries = {1 + 1, 2 + 1, 3 + 1}}, {0.4, 0.4, 0.5, 0.6, 0.7});  // Keras's boundaries 1, 2, 3
}

TEST_CASE("exponential decay: staircase, a late beginning, an end", "[train]") {
    gives(xg::exponential_decay{.from = 32, .steps = 1, .factor = 0.5}, {32, 16, 8, 4, 2});  // Optax
    CHECK(xg::exponential_decay{.from = 0.05, .steps = 10, .factor = 0.96}(5) == Approx(0.05 * std::sqrt(0.96)).epsilon(1e-14));  // Keras
    const xg::exponential_decay stairs{.from = 0.1, .steps = 3, .factor = 0.96, .staircase = true};
    gives(stairs, {0.1, 0.1, 0.1, 0.096});
    CHECK(stairs(100) == Approx(0.1 * std::pow(0.96, 33)).epsilon(1e-12));
    gives(xg::exponential_decay{.from = 1, .steps = 2, .factor = 4, .begin = 3}, {1, 1, 1, 1, 2, 4, 8});
    gives(xg::exponential_decay{.from = 1, .steps = 1, .factor = 0.2, .to = 0.1}, {1, 0.2, 0.1, 0.1});
    gives(xg::exponential_decay{.from = 1, .steps = 1, .factor = 2, .to = 3}, {1, 2, 3, 3});
}

TEST_CASE("polynomial and linear schedules", "[train]") {
    gives(xg::linear_rate{.from = 10, .to = 20, .steps = 10}, {10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 20});
    gives(xg::polynomial{.from = 10, .to = 20, .steps = 10}, {10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 20});
    gives(xg::polynomial{.from = 25, .to = 10, .steps = 10, .power = 2}, {25, 10 + 15 * 0.81, 10 + 15 * 0.64});
    gives(xg::polynomial{.from = 30, .to = 10, .steps = 10, .power = 2, .begin = 4}, {30, 30, 30, 30, 30, 10 + 20 * 0.81});
    CHECK(xg::polynomial{.from = 0.05, .to = 0.001, .steps = 10, .cycle = true}(15) == Approx(0.049 * 0.25 + 0.001).epsilon(1e-14));  // Keras
    CHECK(xg::polynomial{.from = 0.05, .to = 0.001, .steps = 10, .power = 0.5, .cycle = true}(15) == Approx(0.049 * 0.5 + 0.001).epsilon(1e-14));
    CHECK(xg::polynomial{.from = 0.001, .to = 0.0001, .steps = 10, .cycle = true}(0) == 0.001);
}

TEST_CASE("cosine decay, warm restarts", "[train]") {
    const xg::cosine_decay squared{.from = 0.1, .steps = 100, .exponent = 2};  // Optax's numbers
    CHECK(squared(0) == 0.1);
    CHECK(squared(10) == Approx(0.09516553580760956).epsilon(1e-6));  // made in float
    CHECK(squared(10) == Approx(0.025 * std::pow(1 + std::cos(std::numbers::pi / 10), 2)).epsilon(1e-14));
    CHECK(squared(50) == Approx(0.025).epsilon(1e-12));
    CHECK(squared(75) == Approx(0.0021446612663567066).epsilon(1e-6));
    CHECK(squared(100) == Approx(0).margin(1e-18));
    CHECK(xg::cosine_decay{.from = 1000, .steps = 1e10}(1e9) == Approx(975.52826).epsilon(1e-8));
    CHECK(xg::cosine_decay{.from = 0.1, .steps = 5, .alpha = 0.1}(7) == Approx(0.01).epsilon(1e-12));
    // PyTorch's CosineAnnealingLR of its documentation: 0.05 over 5, eta_min 0.005.
    gives(xg::cosine_decay{.from = 0.05, .steps = 4, .alpha = 0.1}, {0.05, 0.005 + 0.045 * (0.5 + 0.25 * std::sqrt(2.0)), 0.0275});

    const xg::warm_restarts doubled{.from = 1, .steps = 1000};  // Keras
    CHECK(doubled(750) == Approx(0.5 * (1 + std::cos(0.75 * std::numbers::pi))).epsilon(1e-12));
    CHECK(doubled(1000) == 1);
    CHECK(doubled(1250) == Approx(0.5 * (1 + std::cos(0.125 * std::numbers::pi))).epsilon(1e-12));
    CHECK(doubled(3000) == 1);
    CHECK(xg::warm_restarts{.from = 1, .steps = 1000, .lower = 0.9}(1250) == Approx(0.45 * (1 + std::cos(0.125 * std::numbers::pi))).epsilon(1e-12));
    CHECK(xg::warm_restarts{.from = 1, .steps = 1000, .longer = 1}(2250) == Approx(0.5 * (1 + std::cos(0.25 * std::numbers::pi))).epsilon(1e-12));
    CHECK(xg::warm_restarts{.from = 1, .steps = 1000, .alpha = 0.1}(500) == Approx(0.55).epsilon(1e-12));
}

TEST_CASE("warm-up: constant, cosine, exponential", "[train]") {
    gives(xg::warm_up{.from = 0, .to = 0.4, .steps = 4}, {0, 0.1, 0.2, 0.3, 0.4, 0.4});
    const xg::warm_up_cosine cosine{.from = 0.2, .peak = 1.21, .warm_steps = 50, .steps = 100, .to = -3, .exponent = 2};  // Optax's numbers
    CHECK(cosine(0) == Approx(0.2).epsilon(1e-12));
    CHECK(cosine(10) == Approx(0.402).epsilon(1e-12));
    CHECK(cosine(50) == Approx(1.21).epsilon(1e-12));
    CHECK(cosine(75) == Approx(-1.9475).epsilon(1e-12));
    CHECK(cosine(100) == Approx(-3).epsilon(1e-12));
    CHECK(xg::warm_up_cosine{.from = 10, .peak = 0.5, .warm_steps = 100, .steps = 1000, .to = 1e-4}(1000) == Approx(1e-4).epsilon(1e-9));
    CHECK_THROWS_WITH((xg::warm_up_cosine{.warm_steps = 100, .steps = 100}(0)), Contains("nothing is left after the warm-up"));
    CHECK_THROWS_WITH((xg::warm_up_cosine{.warm_steps = 100, .steps = 10}(0)), Contains("steps counts both"));
    gives(xg::warm_up_exponential{.from = 0, .peak = 1, .warm_steps = 2, .steps = 1, .factor = 0.5}, {0, 0.5, 1, 0.5, 0.25});
}

TEST_CASE("one cycle: along cosines, along lines", "[train]") {
    gives(xg::one_cycle{.preset = xg::optax, .peak = 1000, .steps = 5, .warm_share = 0.4, .start_divisor = 10, .end_divisor = 100}, {100, 550, 1000, 750.25, 250.75, 1, 1});
    gives(xg::one_cycle_linear{.peak = 1000, .steps = 10, .warm_share = 0.3, .last_share = 0.7, .start_divisor = 10, .end_divisor = 100},
          {100, 400, 700, 1000, 775, 550, 325, 100, 67, 34, 1, 1});
    // PyTorch's places: the peak at 0.4 10 - 1 = 3, the end at 9.
    const xg::one_cycle torch{.peak = 25, .steps = 10, .warm_share = 0.4};
    gives(torch, {1, 7, 19, 25});
    CHECK(torch(6) == Approx((25 + 1e-4) / 2).epsilon(1e-12));
    CHECK(torch(9) == Approx(1e-4).epsilon(1e-9));
}

TEST_CASE("inverse time; schedules one after the other", "[train]") {
    const xg::inverse_time smooth{.from = 0.1, .steps = 10, .rate = 0.96}, stairs{.from = 0.1, .steps = 10, .rate = 0.96, .staircase = true};  // Keras
    for (int i = 0; i <= 10; ++i) {
        CHECK(smooth(i) == Approx(0.1 / (1 + i / 10.0 * 0.96)).epsilon(1e-14));
        CHECK(stairs(i) == Approx(i < 10 ? 0.1 : 0.1 / 1.96).epsilon(1e-14));
    }
    gives(xg::join_schedules(xg::linear_rate{.from = 0, .to = 2, .steps = 2}, 2, xg::constant_rate{5}, 4, [](double step) { return 10 + step; }), {0, 1, 5, 5, 10, 11, 12});
    gives(xg::join_schedules(xg::constant_rate{1}, 1, xg::constant_rate{2}, 2, xg::constant_rate{3}, 3, xg::constant_rate{4}), {1, 2, 3, 4, 4});
}
