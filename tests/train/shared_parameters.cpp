// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Two trainers of one model: an adversarial pair, an encoder with two heads.
#include <xgrad/xgrad.hpp>

#include <support/arrays.hpp>
#include <support/catch.hpp>

namespace {
namespace xg = xgrad;
using namespace xg::literals;
using Catch::Matchers::Contains;

constexpr auto batch = xg::axis<"batch">;
constexpr auto real = xg::input<"real">(batch, 2_c);
constexpr auto noise = xg::input<"noise">(batch, 3_c);
constexpr auto generator = xg::sequential<"generator">(xg::dense<"hidden">(5_c), xg::tanh, xg::dense<"out">(2_c));
constexpr auto critic = xg::sequential<"critic">(xg::dense<"hidden">(4_c), xg::tanh, xg::dense<"out">(1_c));
constexpr auto made = generator(noise);
constexpr auto told_apart = xg::mean(xg::softplus(-critic(real)) + xg::softplus(critic(made)));
constexpr auto fooled = xg::mean(xg::softplus(-critic(made)));
using matrix = support::array<double, 2>;

const auto R = support::uniform<double>({9, 2}, 1), Z = support::uniform<double>({9, 3}, 2);
const xg::adam adam{.learning_rate = 0.05};
}  // namespace

TEST_CASE("two trainers that share parameters do what two that copy them do", "[train]") {
    xg::trainer judge{told_apart, adam, xg::precision<double>, xg::seed{1}, xg::freeze<"generator">};
    xg::trainer forger{fooled, adam, xg::precision<double>, xg::seed{2}, xg::freeze<"critic">, xg::share_parameters(judge)};
    xg::trainer apart{told_apart, adam, xg::precision<double>, xg::seed{1}, xg::freeze<"generator">};
    xg::trainer from{fooled, adam, xg::precision<double>, xg::seed{1}, xg::freeze<"critic">};
    const auto give = [](const auto& a, const auto& b, auto... names) { ((b.parameter(names) = a.parameter(names)), ...); };
    for (int step = 0; step < 20; ++step) {
        CHECK(judge.step(real = R, noise = Z) == apart.step(real = R, noise = Z));
        give(apart, from, "critic.hidden.weight"_p, "critic.hidden.bias"_p, "critic.out.weight"_p, "critic.out.bias"_p);
        CHECK(forger.step(noise = Z) == from.step(noise = Z));
        give(from, apart, "generator.hidden.weight"_p, "generator.hidden.bias"_p, "generator.out.weight"_p, "generator.out.bias"_p);
    }
    CHECK((matrix(judge.compile(made)(noise = Z)) == matrix(from.compile(made)(noise = Z))));
}

TEST_CASE("shared parameters outlive the trainer that they were of, and snapshots hold them", "[train]") {
    constexpr auto y = xg::input<"y">(batch, 1_c);
    constexpr auto encoded = xg::tanh(xg::dense<"encoder">(4_c)(real));
    constexpr auto first = xg::mean(xg::square(xg::dense<"first">(1_c)(encoded) - y));
    constexpr auto second = xg::mean(xg::square(xg::dense<"second">(1_c)(encoded) + y));
    const matrix Y = support::uniform<double>({9, 1}, 3);
    auto one = std::make_unique<decltype(xg::trainer{first, adam, xg::precision<double>})>(first, adam, xg::precision<double>);
    xg::trainer other{second, adam, xg::precision<double>, xg::share_parameters(*one)};
    const matrix began = other.parameter("encoder.weight"_p);
    const auto snapshot = other.snapshot();
    one->step(real = R, y = Y);
    const matrix moved = other.parameter("encoder.weight"_p);
    CHECK_FALSE((moved == began));
    CHECK((moved == matrix(one->parameter("encoder.weight"_p))));
    other.restore(snapshot);
    CHECK((matrix(one->parameter("encoder.weight"_p)) == began));
    one.reset();
    other.step(real = R, y = Y);
    CHECK_FALSE((matrix(other.parameter("encoder.weight"_p)) == began));

    // three trainers, of which the last shares with both
    xg::trainer third{first, adam, xg::precision<double>, xg::seed{7}};
    xg::trainer both{first + second, adam, xg::precision<double>, xg::share_parameters(other), xg::share_parameters(third)};
    CHECK((matrix(both.parameter("encoder.weight"_p)) == matrix(third.parameter("encoder.weight"_p))));
    CHECK((matrix(both.parameter("second.weight"_p)) == matrix(other.parameter("second.weight"_p))));
}

TEST_CASE("trainers that have nothing to share are told so", "[train]") {
    xg::trainer judge{xg::mean(critic(real)), adam};
    CHECK_THROWS_WITH((xg::trainer{xg::mean(made), adam, xg::share_parameters(judge)}), Contains("no parameter of one name"));
    constexpr auto wider = xg::mean(xg::sequential<"critic">(xg::dense<"hidden">(4_c), xg::tanh, xg::dense<"out">(2_c))(real));
    CHECK_THROWS_WITH((xg::trainer{wider, adam, xg::share_parameters(judge)}), Contains("has other extents in the other trainer") && Contains("'critic.out."));
}
