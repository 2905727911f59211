// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "support/arrays.hpp"
#include "support/catch.hpp"

namespace xg = xgrad;
using namespace xg::literals;

/// In what order a step reads and writes: every gradient is that of the parameters before the step, and nothing is written before the loss is known.

TEST_CASE("parameters whose gradients read each other", "[train]") {
    constexpr auto y = xg::parameter<"y">(9_c, 1_c);
    constexpr auto u = xg::parameter<"u">(1_c, 1_c);
    constexpr auto q = xg::parameter<"q">(9_c, 1_c);
    constexpr auto loss = xg::sum(xg::square(y) * q) + xg::sum(sin(matmul(y, u)));
    xg::trainer trainer{loss, xg::sgd{.learning_rate = 0.125}, xg::precision<double>};
    const auto Y = support::uniform<double>({9, 1}, 1), Q = support::uniform<double>({9, 1}, 2);
    auto at_y = trainer.parameter("y"_p);
    auto at_u = trainer.parameter("u"_p);
    auto at_q = trainer.parameter("q"_p);
    std::copy(Y.begin(), Y.end(), at_y.begin());
    std::copy(Q.begin(), Q.end(), at_q.begin());
    at_u(0, 0) = 0.5;
    double value = 0, by_u = 0;
    for (std::size_t i = 0; i < 9; ++i) value += Y(i, 0) * Y(i, 0) * Q(i, 0) + std::sin(Y(i, 0) * 0.5), by_u += std::cos(Y(i, 0) * 0.5) * Y(i, 0);
    CHECK(trainer.step() == Approx(value).epsilon(1e-14));
    CHECK(at_u(0, 0) == Approx(0.5 - 0.125 * by_u).epsilon(1e-14));
    for (std::size_t i = 0; i < 9; ++i) {
        CHECK(at_y(i, 0) == Approx(Y(i, 0) - 0.125 * (2 * Y(i, 0) * Q(i, 0) + 0.5 * std::cos(Y(i, 0) * 0.5))).epsilon(1e-14));
        CHECK(at_q(i, 0) == Approx(Q(i, 0) - 0.125 * Y(i, 0) * Y(i, 0)).epsilon(1e-14));
    }
}

/// Loss and update would be one kernel.
TEMPLATE_TEST_CASE_SIG("a parameter alone in a loss that is not finite stays as it is", "[train]", ((bool Apart), Apart), false, true) {
    constexpr auto z = xg::parameter<"z">(3_c);
    auto trainer = [=] {
        if constexpr (Apart) return xg::trainer{xg::sum(xg::square(z)), xg::sgd{.learning_rate = 0.25}, xg::unfused};
        else return xg::trainer{xg::sum(xg::square(z)), xg::sgd{.learning_rate = 0.25}};
    }();
    auto at = trainer.parameter("z"_p);
    const float start[] = {1, 2, 4};
    std::copy(start, start + 3, at.begin());
    CHECK(trainer.step() == 21);
    for (std::size_t i = 0; i < 3; ++i) CHECK(at(i) == start[i] / 2);
    at(2) = 3e30f;
    CHECK_THROWS_AS(trainer.step(), xg::non_finite_error);
    CHECK((at(0) == 0.5f && at(1) == 1 && at(2) == 3e30f));
}

TEST_CASE("a loss that is a constant", "[train]") {
    constexpr auto z = xg::parameter<"z", xg::initialiser{xg::initialiser_kind::constant, 2.0}>(3_c);
    xg::trainer plain{xg::mean(z - z), xg::sgd{.learning_rate = 1.0}};
    xg::trainer clipped{xg::mean(0_c * z) + 3_c, xg::sgd{.learning_rate = 1.0}, xg::clip_global_norm{1.0}};
    CHECK(plain.step() == 0);
    CHECK(clipped.step() == 3);
}
