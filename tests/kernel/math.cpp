// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// The vector functions over all of float's range, one bit pattern in 4099 and every edge, and over the range of double where
// results are normal numbers, against the standard library in long double.
#include <xgrad/kernel/math/functions.hpp>

#include <ops/laws.hpp>
#include <support/catch.hpp>

#include <bit>
#include <cstdio>

namespace {
using V = xgrad::kernel::lanes<float>::vector;

using D = xgrad::kernel::lanes<double>::vector;

/// The largest distance and where; `below` the same of results smaller than every normal number, in units of the smallest.
template <class T>
struct worst {
    double ulps = 0;
    T at = 0;
    double below = 0;
    T below_at = 0;
};
/// The distance in units of the last place, subnormal ones included; infinity where NaN, an infinity or the sign of 0 differ.
template <class T>
double distance(T got, long double exact) {
    if (exact == 0) return got == 0 && std::signbit(got) == std::signbit(exact) ? 0 : std::numeric_limits<double>::infinity();
    return support::ulps(got, exact);
}
/// As many numbers as lanes at a time; the rest is made up.
template <class Vector, class F, class G>
auto over(std::vector<typename Vector::value_type> xs, F function, G exact) {
    using T = typename Vector::value_type;
    worst<T> found;
    while (xs.size() % Vector::size) xs.push_back(T(0.5));
    alignas(64) T y[Vector::size];
    for (std::size_t i = 0; i < xs.size(); i += Vector::size) {
        function(Vector::load_unaligned(&xs[i])).store_aligned(y);
        for (std::size_t k = 0; k < Vector::size; ++k) {
            const T x = xs[i + k];
            const long double right = exact(static_cast<long double>(x));
            const double d = distance(y[k], right);
            if (right != 0 && std::abs(right) < static_cast<long double>(std::numeric_limits<T>::min())) {
                if (d > found.below) found.below = d, found.below_at = x;
            } else if (d > found.ulps) {
                found.ulps = d, found.at = x;
            }
        }
    }
    return found;
}
template <class F, class G>
worst<float> sweep(F function, G exact) {
    std::vector<float> xs;
    for (std::uint64_t bits = 0; bits < (1ull << 32); bits += 4099) xs.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
    for (float x : {0.0f, -0.0f, 1.0f, -1.0f, 88.72283f, 88.72284f, -87.33655f, -103.9f, -104.1f, 1e-45f, -1e-45f, 1.17549435e-38f, 3.4028235e38f, -0.99999994f, 1.2e38f})
        xs.push_back(x);
    // Where the error function changes its method or ends, and the worst of all numbers from 1/64 to 16, or to 88 for the sigmoid.
    for (float x : {0.85f, 3.92f, 4.0f, 9.19455f, 10.05f, 10.2f, 10.21f, 12.7f, 14.17f, 14.4f, 14.41f, 0.861517191f, 1.07765579f, 3.16642213f, 3.16903567f,
                    9.19769001f, 0.711262822f, 1.87635672f, 4.14525509f, 0.154365510f, 0.496565312f, 1.53360045f})
        xs.insert(xs.end(), {x, -x});
    for (float x : {1.0f, -1.0f}) xs.push_back(x * std::numeric_limits<float>::infinity());
    // Quiet and signalling, with bits anywhere.
    for (std::uint32_t bits : {0x7fc00000u, 0xffc00000u, 0x7f800001u, 0xff800001u, 0x7f800800u, 0x7fffffffu}) xs.push_back(std::bit_cast<float>(bits));
    return over<V>(std::move(xs), function, exact);
}
/// Evenly by value and evenly by exponent; and the limits.
template <class F, class G>
worst<double> sweep(F function, G exact, double from, double to) {
    std::vector<double> xs{0.0, -0.0, from, to, std::numeric_limits<double>::quiet_NaN()};
    std::mt19937_64 random(5);
    auto uniform = [&](double low, double high) { return low + (high - low) * static_cast<double>(random() >> 11) * 0x1p-53; };
    for (int i = 0; i < 200'000; ++i) {
        xs.push_back(uniform(from, to));
        const double x = std::exp2(uniform(-60, std::log2(to))) * (random() & 1 && from < 0 ? -1 : 1);
        if (x >= from) xs.push_back(x);
    }
    return over<D>(std::move(xs), function, exact);
}
}  // namespace

#define XGRAD_BOTH(name) [](auto x) { return xgrad::lanes::name(x); }, [](long double x) { return laws::law<xgrad::name##_op>::value(x); }
// A composite: what its kernel makes of it.
#define XGRAD_SIGMOID [](auto x) { return xgrad::sigmoid_op::value(x); }, [](long double x) { return laws::law<xgrad::sigmoid_op>::value(x); }

TEST_CASE("vectors of float stay within the bounds their ops state, over all of float") {
    auto check = [](const char* name, worst<float> w, double bound) {
        INFO(name << ": " << w.ulps << " ulp at " << w.at << "; below the normal numbers " << w.below << " units at " << w.below_at);
        std::printf("%-10s float  at most %6.3f ulp (at %.9g), stated %g; below the normal numbers %.3f units\n", name, w.ulps, static_cast<double>(w.at), bound, w.below);
        CHECK(w.ulps <= bound);
        CHECK(w.below <= 2);
    };
    check("exp", sweep(XGRAD_BOTH(exp)), xgrad::exp_op::error.ulp);
    check("expm1", sweep(XGRAD_BOTH(expm1)), xgrad::expm1_op::error.ulp);
    check("log", sweep(XGRAD_BOTH(log)), xgrad::log_op::error.ulp);
    check("log1p", sweep(XGRAD_BOTH(log1p)), xgrad::log1p_op::error.ulp);
    check("tanh", sweep(XGRAD_BOTH(tanh)), xgrad::tanh_op::error.ulp);
    check("erf", sweep(XGRAD_BOTH(erf)), xgrad::erf_op::error.ulp);
    check("erfc", sweep(XGRAD_BOTH(erfc)), xgrad::erfc_op::error.ulp);
    check("normal_cdf", sweep(XGRAD_BOTH(normal_cdf)), xgrad::normal_cdf_op::error.ulp);
    check("log_normal_cdf", sweep(XGRAD_BOTH(log_normal_cdf)), xgrad::log_normal_cdf_op::error.ulp);
    check("inverse_mills", sweep(XGRAD_BOTH(inverse_mills)), xgrad::inverse_mills_op::error.ulp);
    check("sigmoid", sweep(XGRAD_SIGMOID), xgrad::sigmoid_op::error.ulp);
}

TEST_CASE("vectors of double stay within the bounds their ops state, where the result is a normal number") {
    auto check = [](const char* name, worst<double> w, double bound) {
        INFO(name << ": " << w.ulps << " ulp at " << w.at);
        std::printf("%-10s double at most %6.3f ulp (at %.17g), stated %g\n", name, w.ulps, w.at, bound);
        CHECK(w.ulps <= bound);
    };
    check("exp", sweep(XGRAD_BOTH(exp), -708, 709), xgrad::exp_op::error.in_double);
    check("expm1", sweep(XGRAD_BOTH(expm1), -708, 709), xgrad::expm1_op::error.in_double);
    check("log", sweep(XGRAD_BOTH(log), 1e-300, 1e300), xgrad::log_op::error.in_double);
    check("log1p", sweep(XGRAD_BOTH(log1p), -0.999999, 1e300), xgrad::log1p_op::error.in_double);
    check("tanh", sweep(XGRAD_BOTH(tanh), -708, 708), xgrad::tanh_op::error.in_double);
    check("erf", sweep(XGRAD_BOTH(erf), -100, 100), xgrad::erf_op::error.in_double);
    check("erfc", sweep(XGRAD_BOTH(erfc), -100, 26.5), xgrad::erfc_op::error.in_double);
    check("normal_cdf", sweep(XGRAD_BOTH(normal_cdf), -37.5, 100), xgrad::normal_cdf_op::error.in_double);
    check("log_normal_cdf", sweep(XGRAD_BOTH(log_normal_cdf), -1e150, 37), xgrad::log_normal_cdf_op::error.in_double);
    check("inverse_mills", sweep(XGRAD_BOTH(inverse_mills), -1e300, 37), xgrad::inverse_mills_op::error.in_double);
    check("sigmoid", sweep(XGRAD_SIGMOID, -708, 708), xgrad::sigmoid_op::error.in_double);
}

TEST_CASE("vectors of double are right over all of double's range, infinities, NaN and the numbers below the normal ones included") {
    std::vector<double> xs{709.78, 709.79, 710, -708.4, -745.13, -745.14, -746, 5e-324, -5e-324, 1e-310, -1e-310, 1e-17, -1e-17, 0.4, 22, -1, -0.99999999999999989, -1.0000000000000002, -2};
    for (double x : {0.0, 1.0, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::max(), std::numeric_limits<double>::min()})
        xs.insert(xs.end(), {x, -x});
    std::mt19937_64 random(6);
    for (int i = 0; i < 200'000; ++i) {
        xs.push_back(std::bit_cast<double>(random()));
        xs.push_back(-740 + static_cast<double>(random() >> 11) * 0x1p-53 * 40);  // where e^x goes below the normal numbers
    }
    auto check = [](const char* name, worst<double> w, double bound) {
        INFO(name << ": " << w.ulps << " ulp at " << w.at << "; below the normal numbers " << w.below << " units at " << w.below_at);
        CHECK(w.ulps <= bound);
        CHECK(w.below <= 1);
    };
    check("exp", over<D>(xs, XGRAD_BOTH(exp)), xgrad::exp_op::error.in_double);
    check("expm1", over<D>(xs, XGRAD_BOTH(expm1)), xgrad::expm1_op::error.in_double);
    check("log", over<D>(xs, XGRAD_BOTH(log)), xgrad::log_op::error.in_double);
    check("log1p", over<D>(xs, XGRAD_BOTH(log1p)), xgrad::log1p_op::error.in_double);
    check("tanh", over<D>(xs, XGRAD_BOTH(tanh)), xgrad::tanh_op::error.in_double);
}

TEMPLATE_TEST_CASE("limits and exact values of vectors", "", float, double) {
    using T = TestType;
    using Vector = typename xgrad::kernel::lanes<T>::vector;
    namespace lanes = xgrad::lanes;
    const T infinite = std::numeric_limits<T>::infinity();
    auto at = [](auto f, T x) { return f(Vector(x)).get(0); };
    auto erf = [](Vector x) { return lanes::erf(x); };
    auto erfc = [](Vector x) { return lanes::erfc(x); };
    auto cdf = [](Vector x) { return lanes::normal_cdf(x); };
    CHECK((at(erf, infinite) == 1 && at(erf, -infinite) == -1 && std::signbit(at(erf, T(-0.0)))));
    CHECK((at(erfc, infinite) == 0 && at(erfc, -infinite) == 2 && at(erfc, T(0)) == 1));
    CHECK((at(cdf, infinite) == 1 && at(cdf, -infinite) == 0 && at(cdf, T(0)) == T(0.5)));
    auto log_cdf = [](Vector x) { return lanes::log_normal_cdf(x); };
    auto mills = [](Vector x) { return lanes::inverse_mills(x); };
    CHECK((at(log_cdf, infinite) == 0 && at(log_cdf, -infinite) == -infinite && std::isnan(at(log_cdf, std::numeric_limits<T>::quiet_NaN()))));
    CHECK((at(mills, infinite) == 0 && at(mills, -infinite) == infinite && std::isnan(at(mills, std::numeric_limits<T>::quiet_NaN()))));
    CHECK((at(mills, std::numeric_limits<T>::lowest()) == std::numeric_limits<T>::max() && at(log_cdf, std::numeric_limits<T>::lowest()) == -infinite));
    CHECK((at(erf, std::numeric_limits<T>::max()) == 1 && at(erfc, std::numeric_limits<T>::max()) == 0 && at(cdf, std::numeric_limits<T>::lowest()) == 0));
}

TEST_CASE("the normal distribution function one number at a time") {
    // 60-digit arithmetic. Rounding -x / sqrt 2 alone costs 72 ulp at -12 in double.
    CHECK(support::ulps(xgrad::lanes::normal_cdf(-12.0), 1.776482112077678997696e-33L) <= 4);
    CHECK(support::ulps(xgrad::lanes::normal_cdf(-12.0f), 1.776482112077678997696e-33L) <= 0.51);
    CHECK(support::ulps(xgrad::lanes::normal_cdf(5.0), 0.9999997133484281208061L) <= 1);
    CHECK(xgrad::lanes::normal_cdf(0.0) == 0.5);
    for (double x : {-1e200, -1e6, -50.0, -36.001, -36.0, -20.0, -3.0, -0.5, 0.0, 0.25, 6.0, 30.0}) {
        CAPTURE(x);
        const long double value = support::log_normal_cdf<long double>(x), slope = support::inverse_mills<long double>(x);
        CHECK(support::ulps(xgrad::lanes::log_normal_cdf(x), value) <= 4);
        CHECK(support::ulps(xgrad::lanes::inverse_mills(x), slope) <= 4);
        if (x >= -1e18) CHECK(support::ulps(xgrad::lanes::log_normal_cdf(static_cast<float>(x)), support::log_normal_cdf<long double>(static_cast<float>(x))) <= 0.51);
    }
    CHECK(std::isnan(xgrad::lanes::normal_cdf(std::numeric_limits<double>::quiet_NaN())));
}

TEST_CASE("the larger of two vectors is NaN wherever one of them is") {
    const float nan = std::numeric_limits<float>::quiet_NaN();
    CHECK(xgrad::lanes::larger(V(1.0f), V(2.0f)).get(0) == 2.0f);
    CHECK(xgrad::lanes::larger(V(3.0f), V(2.0f)).get(0) == 3.0f);
    CHECK(std::isnan(xgrad::lanes::larger(V(nan), V(2.0f)).get(0)));
    CHECK(std::isnan(xgrad::lanes::larger(V(3.0f), V(nan)).get(0)));
}
