// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Parameters that layers have declared, by their names.
#include <xgrad/xgrad.hpp>

#include <support/arrays.hpp>
#include <support/catch.hpp>

namespace {
namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto x = xg::input<"x">(batch, 4_c);
constexpr auto y = xg::input<"y">(batch, 2_c);
constexpr auto p = xg::sequential<"net">(xg::dense<"hidden">(3_c), xg::tanh, xg::dense<"score">(2_c))(x);
constexpr auto loss = xg::mean(xg::square(p - y));
constexpr auto weight = xg::parameter_of<"net.hidden.weight">(p);
constexpr auto slopes = xg::gradient(loss, "net.score.bias"_p, weight, y);
static_assert(xg::same(weight, xg::parameter<"net.hidden.weight", xg::glorot_uniform>(4_c, 3_c)));
static_assert(xg::same(std::get<0>(slopes), xg::gradient(loss, xg::parameter<"net.score.bias">(2_c))));
static_assert(xg::same(std::get<1>(slopes), xg::gradient(loss, weight)));
static_assert(xg::same(xg::gradient(loss, "net.hidden.weight"_p), xg::gradient(loss, weight)));
static_assert(xg::same(xg::parameter_of<"y">(loss), y));
}  // namespace

TEST_CASE("gradients by names are those that a trainer steps along", "[train]") {
    const auto X = support::uniform<double>({5, 4}, 1), Y = support::uniform<double>({5, 2}, 2);
    xg::trainer trainer{loss, xg::sgd{.learning_rate = 0.5}, xg::precision<double>, xg::seed{1}};
    const support::array<double, 2> before = trainer.parameter("net.hidden.weight"_p);
    const auto [bias, slope, of_y] = trainer.compile(std::get<0>(slopes), std::get<1>(slopes), std::get<2>(slopes))(x = X, y = Y);
    trainer.step(x = X, y = Y);
    const support::array<double, 2> after = trainer.parameter("net.hidden.weight"_p);
    for (std::size_t i = 0; i < before.size(); ++i) CHECK(after.data()[i] == Approx(before.data()[i] - 0.5 * slope.data()[i]));
    for (std::size_t j = 0; j < 2; ++j) {
        double sum = 0;
        for (std::size_t r = 0; r < 5; ++r) sum -= of_y(r, j);
        CHECK(bias(j) == Approx(sum));
    }
}
