// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "ops/laws.hpp"
#include "support/catch.hpp"

#include <cstdio>
#include <functional>

namespace xg = xgrad;
using namespace xg::literals;

namespace {
constexpr auto n = xg::axis<"n">;
constexpr auto a = xg::input<"a">(n);
constexpr auto b = xg::input<"b">(n);
constexpr auto weight = xg::input<"w">(n);
}  // namespace

TEST_CASE("a power stays within its bound for any base and exponent", "[ops]") {
    std::mt19937_64 random(11);
    std::vector<float> base, exponent;
    auto any = [&](double from, double to) { return from + (to - from) * static_cast<double>(random() >> 11) * 0x1p-53; };
    for (int i = 0; i < 300'000; ++i) {
        const double logarithm = any(-149, 128);  // of the base; the exponent then takes the result to anywhere from 2^-150 to 2^129
        base.push_back(static_cast<float>(std::exp2(i % 3 ? logarithm : logarithm / 128)));
        exponent.push_back(static_cast<float>(any(-150, 129) / (std::log2(base.back()) + 1e-30)));
    }
    const auto x = support::vector_of(base), y = support::vector_of(exponent);
    const auto got = xg::compile(xg::pow(a, b))(a = x, b = y);
    double worst = 0, below = 0;
    std::size_t at = 0;
    for (std::size_t i = 0; i < base.size(); ++i) {
        const long double exact = std::pow(static_cast<long double>(x(i)), static_cast<long double>(y(i)));
        const double d = support::ulps(got(i), exact);
        if (exact < static_cast<long double>(std::numeric_limits<float>::min())) {
            below = std::max(below, d);
        } else if (d > worst) {
            worst = d, at = i;
        }
    }
    std::printf("pow        float  at most %6.3f ulp (at %.9g, %.9g), stated %g; below the normal numbers %.2f\n", worst, static_cast<double>(x(at)),
                static_cast<double>(y(at)), xg::pow_op::error.ulp, below);
    CHECK(worst <= xg::pow_op::error.ulp);
    CHECK(below <= 1);
}

TEST_CASE("derivatives of a power where its formula would be NaN", "[ops]") {
    const auto x = support::vector_of(std::vector<double>{0, 0, 0, -2, -2, 3, 0}), y = support::vector_of(std::vector<double>{0, 2, 1, 3, 0, 0, 0.5}),
               w = support::vector_of(std::vector<double>{1, 1, 1, 1, 1, 1, 1});
    const auto [by_x, by_y, names] = xg::compile<double>(xg::gradient(xg::sum(weight * xg::pow(a, b)), a), xg::gradient(xg::sum(weight * xg::pow(a, b)), b), a + b + weight)(
        a = x, b = y, weight = w);
    const double expected[] = {0, 0, 1, 12, 0, 0, std::numeric_limits<double>::infinity()};
    for (std::size_t i = 0; i < 7; ++i) CHECK(by_x(i) == expected[i]);
    CHECK((by_y(0) == 0 && by_y(1) == 0 && by_y(2) == 0 && by_y(6) == 0));
    CHECK((std::isnan(by_y(3)) && std::isnan(by_y(4))));
    CHECK(by_y(5) == Approx(std::log(3.0)));
}

TEST_CASE("exponents known to the compiler become products, quotients and roots", "[ops]") {
    STATIC_REQUIRE(xg::same(xg::pow(a, 0_c), 1_c + 0_c * a));
    STATIC_REQUIRE(xg::same(xg::pow(a, 1_c), a));
    STATIC_REQUIRE(xg::same(xg::pow(a, 2_c), a * a));
    STATIC_REQUIRE(xg::same(xg::pow(a, 3_c), a * a * a));
    STATIC_REQUIRE(xg::same(xg::pow(a, 4_c), a * a * a * a));
    STATIC_REQUIRE(xg::same(xg::pow(a, -1_c), 1_c / a));
    STATIC_REQUIRE(xg::same(xg::pow(a, 0.5_c), xg::sqrt(a)));
    STATIC_REQUIRE(xg::same(xg::gradient(xg::sum(xg::pow(a, 3_c)), a), 3_c * a * a));
    STATIC_REQUIRE(xg::same(xg::gradient(xg::sum(xg::pow(a, 2.5_c)), a), 2.5_c * xg::pow(a, 1.5_c)));
    STATIC_REQUIRE(!xg::same(xg::pow(a, 2.5_c), xg::pow(a, 2_c)));
}

TEST_CASE("far angles", "[ops]") {
    const auto x = support::vector_of(std::vector<float>{4194303.75f, 4194304.0f, 1e30f, -1e10f, 205887.4219f, 1.57079637f, -3.14159274f, -0.0f});
    const auto s = xg::compile(xg::sin(a))(a = x), c = xg::compile(xg::cos(a))(a = x);
    for (std::size_t i = 0; i < x.size(); ++i) {
        INFO(x(i));
        CHECK(support::ulps(s(i), std::sin(static_cast<long double>(x(i)))) <= xg::sin_op::error.ulp);
        CHECK(support::ulps(c(i), std::cos(static_cast<long double>(x(i)))) <= xg::cos_op::error.ulp);
    }
    CHECK(std::signbit(s(7)));
}
