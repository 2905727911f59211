// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "support/arrays.hpp"
#include "support/catch.hpp"

#include <xgrad/show/explain.hpp>

#include <sstream>

namespace xg = xgrad;
using namespace xg::literals;

/// What a trainer does to gradients before the optimiser sees them.
namespace {
/// Two parameters, and gradients that are what the test says.
constexpr auto w = xg::parameter<"w", xg::ones>(2_c, 2_c);
constexpr auto b = xg::parameter<"b", xg::ones>(2_c);
constexpr auto slope_w = xg::input<"slope_w">(2_c, 2_c);
constexpr auto slope_b = xg::input<"slope_b">(2_c);
constexpr auto linear = sum(w * slope_w) + sum(b * slope_b);
using matrix = support::array<double, 2>;
using vector = support::array<double, 1>;

struct stepped {
    matrix w;
    vector b;
};
/// The parameters after one step of sgd with rate 1, from ones: 1 - gradient as the optimiser saw it.
template <class... Options>
stepped seen(const matrix& gw, const vector& gb, Options... options) {
    xg::trainer trainer{linear, xg::sgd{.learning_rate = 1}, xg::precision<double>, options...};
    trainer.step(slope_w = gw, slope_b = gb);
    return {1 - trainer.parameter("w"_p), 1 - trainer.parameter("b"_p)};
}
void close(const auto& got, const auto& wanted) {
    REQUIRE(got.size() == wanted.size());
    for (std::size_t i = 0; i < got.size(); ++i) CHECK(got.data()[i] == Approx(wanted.data()[i]).epsilon(1e-12).margin(1e-14));
}
const matrix gw = {{3, 0}, {-4, 0}};
const vector gb = {12, 0};
}  // namespace

TEST_CASE("clipping by value and by norm, in each library's form", "[train]") {
    auto by_value = seen(gw, gb, xg::clip_value{3.5});
    close(by_value.w, matrix{{3, 0}, {-3.5, 0}});
    close(by_value.b, vector{3.5, 0});
    auto by_norm = seen(gw, gb, xg::clip_norm{6.0});  // norms 5 and 12: one each
    close(by_norm.w, gw);
    close(by_norm.b, vector(gb * (6 / (12 + 1e-6))));
    close(seen(gw, gb, xg::clip_norm{6.0, xg::keras}).b, vector(gb / 2));
    auto together = seen(gw, gb, xg::clip_global_norm{6.5});  // norm 13
    close(together.w, matrix(gw * (6.5 / (13 + 1e-6))));
    close(together.b, vector(gb * (6.5 / (13 + 1e-6))));
    together = seen(gw, gb, xg::clip_global_norm{6.5, xg::optax});
    close(together.w, matrix(gw / 2));
    close(together.b, vector(gb / 2));
    close(seen(gw, gb, xg::clip_global_norm{13.5, xg::optax}).w, gw);
    // Keras's test: (100, 100) clipped to norm 1. One after the other: in the order in which they stand.
    close(seen(gw, vector{100, 100}, xg::clip_norm{1.0, xg::keras}).b, vector{std::sqrt(0.5), std::sqrt(0.5)});
    close(seen(gw, gb, xg::clip_value{3.0}, xg::clip_global_norm{std::sqrt(27.0) / 2, xg::optax}).w, matrix{{1.5, 0}, {-1.5, 0}});
}

TEST_CASE("adaptive clipping: each unit's gradient against its weights", "[train]") {
    // w is ones: each column has norm sqrt(2); its gradients have norms 5 and 0. b has norm sqrt(2), its gradient 12.
    const double limit = 0.1 * std::sqrt(2.0);
    const auto clipped = seen(gw, gb, xg::clip_adaptive{0.1});
    close(clipped.w, matrix(gw * (limit / 5)));
    close(clipped.b, vector(gb * (limit / 12)));
    const auto large = seen(gw, gb, xg::clip_adaptive{4.0});  // 4 sqrt(2) = 5.66: the column stays, b does not
    close(large.w, gw);
    close(large.b, vector(gb * (4 * std::sqrt(2.0) / 12)));
    close(seen(gw, gb, xg::clip_adaptive{0.1, 20.0}).b, vector(gb * (2.0 / 12)));  // weights count as 20 at least
}

TEST_CASE("a norm of gradients that is not finite throws before anything changes", "[train]") {
    xg::trainer trainer{linear, xg::adam{}, xg::precision<double>, xg::clip_global_norm{1.0}, xg::ema{0.5}};
    trainer.step(slope_w = gw, slope_b = gb);
    CHECK(trainer.gradient_norm() == Approx(13));
    const matrix before = trainer.parameter("w"_p), mean = trainer.states()["w.mean"_p];
    auto huge = gw;
    huge(0, 0) = 1e200;  // its square is infinite, the loss is not
    huge(0, 1) = -1e200;
    try {
        trainer.step(slope_w = huge, slope_b = gb);
        FAIL("nothing was thrown");
    } catch (const xg::non_finite_error& e) {
        CHECK(std::string(e.what()).find("the norm of the gradients is inf; no parameter has changed") != std::string::npos);
    }
    CHECK(support::same_bits(matrix(trainer.parameter("w"_p)), before));
    CHECK(support::same_bits(matrix(trainer.states()["w.mean"_p]), mean));
    CHECK(trainer.steps() == 1);
    std::ostringstream text;
    xg::explain(text, trainer);
    CHECK(text.str().find("where the loss is not finite") != std::string::npos);
    CHECK(text.str().find("where the norm of the gradients is not finite") != std::string::npos);
}
