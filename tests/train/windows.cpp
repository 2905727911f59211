// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A trainer's parameters from outside: windows that are read and written, snapshots, and what is said where a gradient was not finite.
#include <xgrad/xgrad.hpp>

#include <support/arrays.hpp>
#include <support/catch.hpp>

#if __has_include(<xtensor/views/xview.hpp>)
#include <xtensor/containers/xarray.hpp>
#include <xtensor/views/xview.hpp>
#else
#include <xtensor/xarray.hpp>
#include <xtensor/xview.hpp>
#endif

namespace {
namespace xg = xgrad;
using namespace xg::literals;

constexpr auto rows = xg::axis<"rows">;
constexpr auto x = xg::input<"x">(rows, 3_c);
constexpr auto w = xg::parameter<"w", xg::zeros>(3_c);
constexpr auto b = xg::parameter<"b", xg::zeros>();
constexpr auto loss = xg::mean(square(sum(x * w, xg::axes<-1>) + b - 1_c));
auto trainer_of() { return xg::trainer{loss, xg::adam{.learning_rate = 0.1}}; }
}  // namespace

TEST_CASE("what is assigned to a parameter's window is copied, another window too", "[train]") {
    auto one = trainer_of(), other = trainer_of();
    one.parameter("w"_p) = xg::tensor<float, 1>{1, 2, 3};
    one.parameter("b"_p) = xg::tensor<double, 0>(4);
    other.parameter("w"_p) = one.parameter("w"_p);
    other.parameter("b"_p) = one.parameter("b"_p);
    one.parameter("w"_p).fill(0);
    CHECK((xg::tensor<float, 1>(other.parameter("w"_p)) == xg::tensor<float, 1>{1, 2, 3}));
    CHECK(other.parameter("b"_p)() == 4);

    const auto from = other.parameter("w"_p);
    auto to = one.parameter("w"_p);
    to = from;
    CHECK(one.parameter("w"_p)(2) == 3);
    to = 2 * from + to;
    to += from;
    CHECK(one.parameter("w"_p)(2) == 12);
    CHECK(other.parameter("w"_p)(2) == 3);
    auto all = one.parameters();
    all["w"_p] = other.parameters()["w"_p];
    CHECK(one.parameter("w"_p)(1) == 2);
    xt::view(to, xt::range(0, 2)) = xt::view(from, xt::range(1, 3));
    CHECK((xg::tensor<float, 1>(to) == xg::tensor<float, 1>{2, 3, 3}));
}

TEST_CASE("what does not fit a parameter is refused by its name, and changes nothing", "[train]") {
    auto t = trainer_of();
    CHECK_THROWS_WITH((t.parameter("w"_p) = xg::tensor<float, 1>{1, 2}), Catch::Matchers::Contains("'w', axis 0: the array has 2, wanted 3"));
    CHECK_THROWS_WITH((t.parameter("w"_p) = xt::xarray<float>{{1, 2, 3}}), Catch::Matchers::Contains("'w' has rank 1 but its array has rank 2"));
    CHECK(t.parameter("w"_p)(0) == 0);
}

TEST_CASE("a number is assigned to a parameter without axes", "[train]") {
    constexpr auto k = xg::parameter<"k">();
    xg::trainer t{xg::mean(xg::square(x * k)), xg::sgd{}};
    t.parameter("k"_p) = 3.5f;
    CHECK(t.parameter("k"_p)() == 3.5);
    t.parameter("k"_p) = 2;
    CHECK(double(t.compile(k * 2_c)()) == 4);
}

TEST_CASE("a trainer goes back to a snapshot and on from there as it did before", "[train]") {
    const auto X = support::uniform<float>({8, 3}, 1, -1, 1);
    auto t = trainer_of();
    for (int i = 0; i < 3; ++i) t.step(x = X);
    const auto best = t.snapshot();
    auto predict = t.compile(xg::sum(w));
    std::vector<double> first, again;
    for (int i = 0; i < 5; ++i) first.push_back(t.step(x = X));
    t.restore(best);
    CHECK(t.steps() == 3);
    for (int i = 0; i < 5; ++i) again.push_back(t.step(x = X));
    CHECK(first == again);
    const float sum = t.parameter("w"_p)(0) + t.parameter("w"_p)(1) + t.parameter("w"_p)(2);
    CHECK(predict() == Approx(sum));
    CHECK_THROWS_WITH(t.restore(decltype(t)::snapshot_type{}), Catch::Matchers::Contains("empty snapshot"));
    CHECK(t.steps() == 8);
}

TEST_CASE("a gradient that was not finite is named when the loss no longer is", "[train]") {
    constexpr auto length = xg::mean(sqrt(sum(square(x * xg::parameter<"v", xg::ones>(3_c)), xg::axes<-1>)));
    xg::trainer t{length, xg::sgd{.learning_rate = 0.1}};
    auto X = support::uniform<float>({2, 3}, 1, 1, 2);
    xt::view(X, 0).fill(0);
    CHECK(std::isfinite(t.step(x = X)));
    CHECK_THROWS_WITH(t.step(x = X), Catch::Matchers::Contains("parameter 'v' is not finite") && Catch::Matchers::Contains("a gradient that was not"));
    CHECK_THROWS_WITH(t.measure(1, [] { return 0.0; }, x = X), Catch::Matchers::Contains("parameter 'v' is not finite"));
    CHECK(t.steps() == 1);
}
