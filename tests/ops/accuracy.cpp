// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "ops/laws.hpp"
#include "support/catch.hpp"

#include <cstdio>

namespace xg = xgrad;

namespace {

constexpr auto n = xg::axis<"n">;
constexpr auto a = xg::input<"a">(n);

/// Numbers over [from, to]: evenly by their bit pattern (so as many near 0 as far away), and evenly by value.
template <class T>
std::vector<T> sweep(double from, double to, std::size_t count) {
    std::vector<T> points;
    std::mt19937_64 random(7);
    const double most = sizeof(T) == 4 ? 3e38 : 1e300, low = std::max(from, -most), high = std::min(to, most);
    for (std::size_t i = 0; i < count / 2; ++i) points.push_back(static_cast<T>(low + (high - low) * static_cast<double>(random() >> 11) * 0x1p-53));
    const double smallest = sizeof(T) == 4 ? -126 : -1000;
    while (points.size() < count) {
        const double exponent = smallest + (std::log2(std::max(std::abs(low), std::abs(high))) - smallest) * static_cast<double>(random() >> 11) * 0x1p-53;
        const double magnitude = std::exp2(exponent) * (1 + static_cast<double>(random() >> 11) * 0x1p-53);
        const double x = random() & 1 ? magnitude : -magnitude;
        if (x >= low && x <= high) points.push_back(static_cast<T>(x));
    }
    return points;
}

template <class Op, class T>
double worst_error(std::size_t count) {
    const auto x = support::vector_of(sweep<T>(Op::error.from, Op::error.to, count));
    const auto got = xg::compile<T>(xg::ast::apply<Op>(a))(a = x);
    double worst = 0;
    T where = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const long double exact = laws::law<Op>::value(x(i));
        if (std::abs(exact) < static_cast<long double>(std::numeric_limits<T>::min())) continue;  // subnormal results may be 0
        const double error = support::ulps(got(i), exact);
        if (error > worst) {
            worst = error;
            where = x(i);
        }
    }
    std::printf("%-10s %-6s at most %6.3f ulp (at %.9g), stated %g over [%g, %g]\n", std::string(Op::name).c_str(), sizeof(T) == 4 ? "float" : "double", worst,
                static_cast<double>(where), Op::error.in_double, Op::error.from, Op::error.to);
    return worst;
}

}  // namespace

namespace {
/// The ops of one operand that state a bound.
using stating_ops = decltype([]<class... Op>(std::tuple<Op...>*) {
    return std::tuple_cat([] {
        if constexpr (Op::arity == 1 && requires { Op::error; }) {
            return std::tuple<Op>{};
        } else {
            return std::tuple<>{};
        }
    }()...);
}(static_cast<xg::elementwise_ops*>(nullptr)));
}  // namespace

/// Every op that states a bound keeps it in double, against long double. (tests/accuracy tries it in float, on any float.)
TEMPLATE_LIST_TEST_CASE("stated accuracy", "[ops]", stating_ops) { CHECK(worst_error<TestType, double>(200'000) <= TestType::error.in_double); }

TEST_CASE("the root of a number that the compiler works out is the machine's", "[ops]") {
    std::mt19937_64 random(17);
    for (int i = 0; i < 200'000; ++i) {
        const double x = std::bit_cast<double>(random() & (i % 5 ? ~std::uint64_t{0} : ~std::uint64_t{0} >> 12));  // of any size, also below the normal numbers
        const double root = xg::detail::sqrt_of_number(x);
        if (!(root == std::sqrt(x)) && !(std::isnan(root) && std::isnan(std::sqrt(x)))) FAIL_CHECK(x);
    }
    for (double x : {0.0, 1.0, 2.0, 3.0, 4.0, 0.25, 5e-324, 1e-308, 1.7976931348623157e308, std::numeric_limits<double>::infinity()}) CHECK(xg::detail::sqrt_of_number(x) == std::sqrt(x));
    STATIC_REQUIRE(xg::detail::sqrt_of_number(2) == std::numbers::sqrt2);
    STATIC_REQUIRE(xg::same(a / sqrt(xg::number<4.0>), xg::number<0.5> * a));
}

TEST_CASE("relu, maximum and minimum keep NaN, and |x| and -x the sign of zero", "[ops]") {
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const auto x = support::vector_of(std::vector<float>{nan, -nan, -0.0f, 0.0f});
    const auto relu = xg::compile(xg::relu(a))(a = x);
    CHECK((std::isnan(relu(0)) && std::isnan(relu(1))));
    constexpr auto b = xg::input<"b">(n);
    const auto y = support::vector_of(std::vector<float>{1.0f, -1.0f, 1.0f, -1.0f});
    const auto larger = xg::compile(xg::maximum(a, b))(a = x, b = y), other = xg::compile(xg::maximum(b, a))(a = x, b = y);
    const auto smaller = xg::compile(xg::minimum(a, b))(a = x, b = y), another = xg::compile(xg::minimum(b, a))(a = x, b = y);
    for (std::size_t i : {0u, 1u}) CHECK((std::isnan(larger(i)) && std::isnan(other(i)) && std::isnan(smaller(i)) && std::isnan(another(i))));
    const auto size = xg::compile(xg::abs(a))(a = x), minus = xg::compile(-a)(a = x);
    CHECK((!std::signbit(size(2)) && !std::signbit(size(3))));
    CHECK((!std::signbit(minus(2)) && std::signbit(minus(3))));
}

TEST_CASE("a kink's gradient: 0 at the corner", "[ops]") {
    const auto x = support::vector_of(std::vector<float>{0.0f, -0.0f, 1e-30f, -1e-30f});
    const auto relu = xg::compile(xg::gradient(xg::sum(xg::relu(a)), a))(a = x);
    CHECK((relu(0) == 0 && relu(1) == 0 && relu(2) == 1 && relu(3) == 0));
    const auto size = xg::compile(xg::gradient(xg::sum(xg::abs(a)), a))(a = x);
    CHECK((size(0) == 0 && size(1) == 0 && size(2) == 1 && size(3) == -1));
}
