// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Sines, error functions, log(1 - e^x) and powers of vectors of double against the standard library in long double: evenly by value over where they are
// used, and evenly by bits over all of double. And a lane's bits, whatever stands beside it.
#include <xgrad/kernel/math/functions.hpp>

#include <ops/laws.hpp>
#include <support/catch.hpp>

#include <bit>
#include <cstdio>

namespace {
namespace lanes = xgrad::lanes;
using D = xsimd::batch<double>;

constexpr double infinite = std::numeric_limits<double>::infinity(), no_number = std::numeric_limits<double>::quiet_NaN();
constexpr bool fuses = xgrad::kernel::math::fuses<D::arch_type>;

struct interval {
    double from, to;
};
/// 100,000 numbers of each interval, 100,000 random bit patterns up to `most`, and edges.
std::vector<double> sample(std::initializer_list<interval> intervals, double most = infinite) {
    std::mt19937_64 random(11);
    std::vector<double> xs{0.0, 5e-324, 1e-310, 2.2250738585072014e-308, 1e-300, 1e-17, 0x1p-27, infinite, std::numeric_limits<double>::max(), no_number};
    for (double x : {0.8, 0.79999999999999993, 0.69314718055994531, 1.0, 2097152.0, 2097151.9999999998, 26.5432, 27.2260, 27.3, 27.5, 27.6, 37.677, 38.4, 38.6, 38.9, 39.0, 745.2, 746.1})
        xs.push_back(x);
    for (std::size_t i = 0, count = xs.size(); i < count; ++i) xs.push_back(-xs[i]);
    for (auto [from, to] : intervals)
        for (int i = 0; i < 100'000; ++i) xs.push_back(from + (to - from) * static_cast<double>(random() >> 11) * 0x1p-53);
    for (int i = 0; i < 100'000; ++i) xs.push_back(std::bit_cast<double>(random()));
    std::erase_if(xs, [&](double x) { return x > most; });
    while (xs.size() % D::size) xs.push_back(-0.5);
    return xs;
}
/// Fails where a result is further than `bound` units in the last place from the exact one, or where NaN, an infinity or a sign differs. Below
/// the normal numbers it may be two of their units.
template <class F, class G>
void check(const char* name, const std::vector<double>& xs, F function, G exact, double bound) {
    double worst = 0, at = 0, below = 0;
    alignas(64) double y[D::size];
    for (std::size_t i = 0; i < xs.size(); i += D::size) {
        function(D::load_unaligned(&xs[i])).store_aligned(y);
        for (std::size_t k = 0; k < D::size; ++k) {
            const long double right = exact(static_cast<long double>(xs[i + k]));
            const bool normal = !(std::abs(right) < static_cast<long double>(std::numeric_limits<double>::min()));
            const bool signs_differ = !std::isnan(right) && std::signbit(y[k]) != std::signbit(right) && (normal || xs[i + k] == 0);
            const double units = signs_differ ? infinite : support::ulps(y[k], right);
            if (!normal) below = std::max(below, units);
            if (normal && units > worst) worst = units, at = xs[i + k];
        }
    }
    std::printf("%-10s double at most %6.3f ulp (at %.17g), bound %g; below the normal numbers %.3f units\n", name, worst, at, bound, below);
    INFO(name << ": " << worst << " ulp at " << at << "; below the normal numbers " << below);
    CHECK(worst <= bound);
    CHECK(below <= 2);
}
}  // namespace

#define XGRAD_OF_DOUBLE(name) [](D x) { return lanes::name(x); }, [](long double x) { return laws::law<xgrad::name##_op>::value(x); }

TEST_CASE("sines of vectors of double: 1 ulp anywhere") {
    std::vector<double> xs = sample({{-0.8, 0.8}, {-10, 10}, {-1e5, 1e5}, {-2.1e6, 2.1e6}});
    // Beside multiples of pi / 2, where digits cancel.
    for (int n = 1; n < 1'000'000; n += 37) xs.push_back(static_cast<double>(n * 1.57079632679489661923L));
    while (xs.size() % D::size) xs.push_back(0.5);
    check("sin", xs, XGRAD_OF_DOUBLE(sin), 1);
    check("cos", xs, XGRAD_OF_DOUBLE(cos), 1);
}

TEST_CASE("error functions of vectors of double") {
    check("erf", sample({{-0.9, 0.9}, {0.7, 1.3}, {-7, 7}}), XGRAD_OF_DOUBLE(erf), fuses ? 1 : 1.2);
    check("erfc", sample({{-6, 1}, {0, 1}, {0, 4}, {4, 27.3}}), XGRAD_OF_DOUBLE(erfc), fuses ? 2 : 3.2);
    check("normal_cdf", sample({{-1, 9}, {-1, 0}, {-5, 0}, {-38.6, -5}}), XGRAD_OF_DOUBLE(normal_cdf), fuses ? 2 : 3.2);
    check("log_normal_cdf", sample({{-1, 9}, {-1, 0}, {-5, 0}, {-38.6, -5}, {-1e4, -38}}), XGRAD_OF_DOUBLE(log_normal_cdf), fuses ? 3 : 4);
    check("inverse_mills", sample({{-1, 9}, {-1, 0}, {-5, 0}, {-38.6, -5}, {-1e4, -38}}), XGRAD_OF_DOUBLE(inverse_mills), fuses ? 4 : 5);
}

TEST_CASE("log(1 - e^x) of vectors of double") {
    check("log1mexp", sample({{-1e-5, 0}, {-0.7, 0}, {-3, -0.6}, {-40, 0}, {-740, 0}}, -1e-320), XGRAD_OF_DOUBLE(log1mexp), 2);
    CHECK(lanes::log1mexp(D(0.0)).get(0) == -infinite);
    CHECK(lanes::log1mexp(D(-0.0)).get(0) == -infinite);
    CHECK(lanes::log1mexp(D(-infinite)).get(0) == 0);
    CHECK(std::isnan(lanes::log1mexp(D(1e-300)).get(0)));
    CHECK(std::isnan(lanes::log1mexp(D(no_number)).get(0)));
}

TEST_CASE("powers of vectors of double") {
    std::mt19937_64 random(13);
    auto even = [&](double from, double to) { return from + (to - from) * static_cast<double>(random() >> 11) * 0x1p-53; };
    std::vector<std::pair<double, double>> pairs;
    for (int i = 0; i < 200'000; ++i) {
        const double near_one = 1 + std::exp2(even(-50, -1)) * (i % 2 ? 1 : -0.5), any = std::exp2(even(-1022, 1023));
        pairs.emplace_back(any, even(-740, 708) / std::log(any));  // results of any size, below the normal numbers too
        pairs.emplace_back(near_one, even(-740, 708) / std::log(near_one));
        pairs.emplace_back(even(0, 8), even(-8, 8));
        pairs.emplace_back(std::bit_cast<double>(random()), std::bit_cast<double>(random()));
    }
    const std::vector<double> edges{0.0, -0.0, 1, -1, 0.5, -0.5, 2, -2, 3, -3, 1e-310, 5e-324, 1e300, -1e300, 0x1p64, 2000, -2000, infinite, -infinite, no_number};
    for (double x : edges)
        for (double y : edges) pairs.emplace_back(x, y);
    while (pairs.size() % D::size) pairs.emplace_back(1, 1);
    double worst = 0, below = 0;
    std::pair<double, double> at;
    bool alone = true;
    alignas(64) double x[D::size], y[D::size], z[D::size];
    for (std::size_t i = 0; i < pairs.size(); i += D::size) {
        for (std::size_t k = 0; k < D::size; ++k) std::tie(x[k], y[k]) = pairs[i + k];
        lanes::pow(D::load_aligned(x), D::load_aligned(y)).store_aligned(z);
        for (std::size_t k = 0; k < D::size; ++k) {
            const long double right = std::pow(static_cast<long double>(x[k]), static_cast<long double>(y[k]));
            const bool normal = !(std::abs(right) < static_cast<long double>(std::numeric_limits<double>::min()));
            const double units = !std::isnan(right) && std::signbit(z[k]) != std::signbit(right) ? infinite : support::ulps(z[k], right);
            if (!normal) below = std::max(below, units);
            if (normal && units > worst) worst = units, at = pairs[i + k];
            const double single = lanes::pow(D(x[k]), D(y[k])).get(0);
            alone = alone && (std::bit_cast<std::uint64_t>(single) == std::bit_cast<std::uint64_t>(z[k]) || std::isnan(right));
        }
    }
    std::printf("%-10s double at most %6.3f ulp (at %.17g, %.17g), bound 1; below the normal numbers %.3f units\n", "pow", worst, at.first, at.second, below);
    INFO("pow: " << worst << " ulp at " << at.first << ", " << at.second << "; below the normal numbers " << below);
    CHECK(worst <= 1);
    CHECK(below <= 2);
    CHECK(alone);
}

TEST_CASE("exact values of vectors of double") {
    auto at = [](auto f, double x) { return f(D(x)).get(0); };
    auto sin = [](D x) { return lanes::sin(x); };
    auto cos = [](D x) { return lanes::cos(x); };
    auto erfc = [](D x) { return lanes::erfc(x); };
    auto cdf = [](D x) { return lanes::normal_cdf(x); };
    CHECK((at(sin, 0) == 0 && std::signbit(at(sin, -0.0)) && !std::signbit(at(sin, 0))));
    CHECK((at(cos, 0) == 1 && at(cos, -0.0) == 1));
    // 60-digit arithmetic: pi and pi / 2 rounded, and a number that the C library serves.
    CHECK(support::ulps(at(sin, 3.141592653589793), 1.224646799147353177226e-16L) <= 1);
    CHECK(support::ulps(at(cos, 1.5707963267948966), 6.123233995736765886130e-17L) <= 1);
    CHECK(support::ulps(at(sin, 1e22), -0.8522008497671888017727L) <= 1);
    for (double x : {infinite, -infinite, no_number}) CHECK((std::isnan(at(sin, x)) && std::isnan(at(cos, x))));
    CHECK((at(erfc, 0.0) == 1 && at(erfc, -0.0) == 1 && at(cdf, 0.0) == 0.5 && at(cdf, -0.0) == 0.5));
}

TEST_CASE("a lane's bits are its own: whatever stands in the other lanes") {
    auto alone = [](auto f) {
        std::mt19937_64 random(12);
        const std::vector<double> odd{no_number, infinite, -infinite, 1e300, 3e6, -0.0, 5e-324, -800};
        for (int i = 0; i < 20'000; ++i) {
            alignas(64) double x[D::size], y[D::size];
            for (std::size_t k = 0; k < D::size; ++k) {
                const double u = static_cast<double>(random() >> 11) * 0x1p-53;
                x[k] = random() % 4 == 0 ? odd[random() % odd.size()] : random() % 2 ? 20 * u - 10 : u * 0x1p21;
            }
            f(D::load_aligned(x)).store_aligned(y);
            for (std::size_t k = 0; k < D::size; ++k) {
                const double single = f(D(x[k])).get(0);
                if (std::bit_cast<std::uint64_t>(single) != std::bit_cast<std::uint64_t>(y[k]) && !(std::isnan(single) && std::isnan(y[k]))) return false;
            }
        }
        return true;
    };
    CHECK(alone([](D x) { return lanes::sin(x); }));
    CHECK(alone([](D x) { return lanes::cos(x); }));
    CHECK(alone([](D x) { return lanes::erf(x); }));
    CHECK(alone([](D x) { return lanes::erfc(x); }));
    CHECK(alone([](D x) { return lanes::normal_cdf(x); }));
    CHECK(alone([](D x) { return lanes::log_normal_cdf(x); }));
    CHECK(alone([](D x) { return lanes::inverse_mills(x); }));
    CHECK(alone([](D x) { return lanes::log1mexp(x); }));
    CHECK(alone([](D x) { return lanes::log1mexp(-xsimd::abs(x)); }));
}
