// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "support/arrays.hpp"
#include "support/catch.hpp"

namespace xg = xgrad;
using namespace xg::literals;

namespace {

constexpr auto x = xg::input<"x">(xg::axis<"n">);

/// x Phi(x), its derivative, the approximation with tanh and its derivative: 60-digit arithmetic, to 20 digits.
struct row {
    double x;
    long double exact, slope, approximate, approximate_slope;
};
constexpr row rows[]{
    {-10, -7.619853024160526065973e-23L, -7.618400096464814085679e-22L, -1.204092348209805993659e-37L, -2.75763806385403160733e-36L},
    {-5.5, -1.044425935623824566112e-7L, -5.733472398739924803492e-7L, -5.927640263880262025952e-9L, -4.67655281080741526305e-8L},
    {-3, -0.004049694094890283579955L, -0.01194564720418392700016L, -0.003637392081773018837816L, -0.01158416663096972620355L},
    {-0.75, -0.1699705142826511494953L, 0.0007742782607648956283088L, -0.1700394448343796958159L, 0.001061743862585702342282L},
    {0, 0.0L, 0.5L, 0.0L, 0.5L},
    {0.5, 0.3457312306370065518189L, 0.867495124656162842525L, 0.3457140098251439220378L, 0.8673699035346423115602L},
    {2, 1.954499736103641585599L, 1.085231801078196896701L, 1.954597694087775018781L, 1.086099256623618381565L},
    {7, 6.999999999991041312193L, 1.000000000062663230315L, 6.999999999999997684558L, 1.000000000000027651174L},
};
constexpr std::size_t count = std::size(rows);

// The slope is one op: its two parts share an exponential.
static_assert([] {
    constexpr const auto& plan = decltype(xg::compile(xg::gradient(xg::sum(xg::gelu(x)), x)))::plan;
    int computed = 0;
    for (const auto& i : plan.code) computed += i.op == xg::info<xg::gelu_slope_op>.digest;
    return computed == 1;
}());

}  // namespace

TEMPLATE_TEST_CASE("gelu keeps the digits of its left tail, and its gradient is right", "[ops]", float, double) {
    using T = TestType;
    auto points = support::shaped<T>({count});
    for (std::size_t i = 0; i < count; ++i) points(i) = static_cast<T>(rows[i].x);
    const auto [value, slope] = xg::compile<T>(xg::gelu(x), xg::gradient(xg::sum(xg::gelu(x)), x))(x = points);
    const auto [approximate, approximate_slope] = xg::compile<T>(xg::gelu_tanh(x), xg::gradient(xg::sum(xg::gelu_tanh(x)), x))(x = points);
    for (std::size_t i = 0; i < count; ++i) {
        INFO("at " << rows[i].x);
        CHECK(support::ulps(value(i), rows[i].exact) <= 4);
        // A rounding of x^2 / 2 in the density, or of 2 u in the sigmoid, comes back multiplied by it; where Phi and x times the density cancel, they count.
        const double x2 = rows[i].x * rows[i].x, u2 = std::abs(1.6 * rows[i].x * (1 + 0.045 * x2)), epsilon = support::epsilon<T>;
        CHECK(support::relative_error(slope(i), rows[i].slope, std::abs(rows[i].slope) + 0.2L * (x2 < 1)) <= (4 + x2 / 2) * epsilon);
        CHECK(support::relative_error(approximate(i), rows[i].approximate, std::abs(rows[i].approximate)) <= (4 + 2 * u2) * epsilon);
        CHECK(support::relative_error(approximate_slope(i), rows[i].approximate_slope, std::abs(rows[i].approximate_slope) + 0.2L * (x2 < 1)) <= (8 + 2 * u2) * epsilon);
    }
}

TEMPLATE_TEST_CASE("gelu at the ends", "[ops]", float, double) {
    using T = TestType;
    const T infinite = std::numeric_limits<T>::infinity(), nan = std::numeric_limits<T>::quiet_NaN();
    const auto points = support::vector_of(std::vector<T>{infinite, -infinite, nan, T(-60), T(60)});
    const auto value = xg::compile<T>(xg::gelu(x))(x = points), approximate = xg::compile<T>(xg::gelu_tanh(x))(x = points);
    CHECK((value(1) == 0 && std::isnan(approximate(1))));
    for (const auto& v : {value, approximate}) {
        CHECK(v(0) == infinite);
        CHECK(std::isnan(v(2)));
        CHECK(v(3) == 0);
        CHECK(v(4) == 60);
    }
}

TEST_CASE("gelu is a layer", "[ops]") {
    constexpr auto in = xg::input<"in">(xg::axis<"n">, 3_c);
    constexpr auto model = xg::sequential(xg::dense<"hidden">(4_c), xg::gelu, xg::dense<"out">(2_c), xg::gelu_tanh);
    constexpr auto hidden = xg::dense<"hidden">(4_c)(in);
    STATIC_REQUIRE(xg::same(model(in), gelu_tanh(xg::dense<"out">(2_c)(xg::gelu(hidden)))));
}
