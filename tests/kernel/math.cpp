// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// The vector functions over all of float's range, one bit pattern in 4099 and every edge, against the standard library in
// long double. (The subnormal results count in units of the smallest number.)
#include <xgrad/kernel/math/functions.hpp>

#include <support/arrays.hpp>
#include <support/catch.hpp>

#include <bit>

namespace {
using V = xgrad::kernel::lanes<float>::vector;

struct worst {
    double ulps = 0;
    float at = 0;
};
/// The distance in units of the last place, subnormal ones included; infinity where NaN, an infinity or the sign of 0 differ.
double distance(float got, long double exact) {
    const float rounded = static_cast<float>(exact);
    if (std::isnan(exact) || std::isinf(rounded) || std::isinf(got) || std::isnan(got)) return support::ulps(got, exact);
    if (exact == 0) return got == 0 && std::signbit(got) == std::signbit(exact) ? 0 : std::numeric_limits<double>::infinity();
    const int exponent = std::max(std::ilogb(exact), -126);
    return static_cast<double>(std::abs(static_cast<long double>(got) - exact) / std::ldexp(1.0L, exponent - 23));
}
template <class F, class G>
worst sweep(F function, G exact) {
    worst found;
    std::vector<float> xs;
    for (std::uint64_t bits = 0; bits < (1ull << 32); bits += 4099) xs.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
    for (float x : {0.0f, -0.0f, 1.0f, -1.0f, 88.72283f, 88.72284f, -87.33655f, -103.9f, -104.1f, 1e-45f, -1e-45f, 1.17549435e-38f, 3.4028235e38f, -0.99999994f, 1.2e38f})
        xs.push_back(x);
    for (float x : {1.0f, -1.0f}) xs.push_back(x * std::numeric_limits<float>::infinity());
    xs.push_back(std::numeric_limits<float>::quiet_NaN());
    while (xs.size() % V::size) xs.push_back(0.5f);
    alignas(64) float y[V::size];
    for (std::size_t i = 0; i < xs.size(); i += V::size) {
        function(V::load_unaligned(&xs[i])).store_aligned(y);
        for (std::size_t k = 0; k < V::size; ++k) {
            const double d = distance(y[k], exact(static_cast<long double>(xs[i + k])));
            if (d > found.ulps) found = {d, xs[i + k]};
        }
    }
    return found;
}
}  // namespace

TEST_CASE("vector functions stay within the bounds their ops state, over all of float") {
    namespace lanes = xgrad::lanes;
    auto check = [](const char* name, worst w, double bound) {
        INFO(name << ": " << w.ulps << " ulp at " << w.at);
        CHECK(w.ulps <= bound);
    };
    check("exp", sweep([](V x) { return lanes::exp(x); }, [](long double x) { return std::exp(x); }), xgrad::exp_op::error.ulp);
    check("expm1", sweep([](V x) { return lanes::expm1(x); }, [](long double x) { return std::expm1(x); }), xgrad::expm1_op::error.ulp);
    check("log", sweep([](V x) { return lanes::log(x); }, [](long double x) { return std::log(x); }), xgrad::log_op::error.ulp);
    check("log1p", sweep([](V x) { return lanes::log1p(x); }, [](long double x) { return std::log1p(x); }), xgrad::log1p_op::error.ulp);
    check("tanh", sweep([](V x) { return lanes::tanh(x); }, [](long double x) { return std::tanh(x); }), xgrad::tanh_op::error.ulp);
}

TEST_CASE("the larger of two vectors is NaN wherever one of them is") {
    const float nan = std::numeric_limits<float>::quiet_NaN();
    CHECK(xgrad::lanes::larger(V(1.0f), V(2.0f)).get(0) == 2.0f);
    CHECK(xgrad::lanes::larger(V(3.0f), V(2.0f)).get(0) == 3.0f);
    CHECK(std::isnan(xgrad::lanes::larger(V(nan), V(2.0f)).get(0)));
    CHECK(std::isnan(xgrad::lanes::larger(V(3.0f), V(nan)).get(0)));
}
