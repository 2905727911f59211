// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "math.hpp"

#include <sleef.h>

#include <numbers>

// The widest vectors of the build, called directly rather than through SLEEF's choice at run time.
#if defined(__AVX512F__)
#define XGRAD_BENCH_SLEEF(function, bound) Sleef_##function##f16_##bound##avx512f
#define XGRAD_BENCH_M(operation) _mm512_##operation
using sleef_vector = __m512;
#elif defined(__AVX2__) && defined(__FMA__)
#define XGRAD_BENCH_SLEEF(function, bound) Sleef_##function##f8_##bound##avx2
#define XGRAD_BENCH_M(operation) _mm256_##operation
using sleef_vector = __m256;
#else
#define XGRAD_BENCH_SLEEF(function, bound) Sleef_##function##f4_##bound##sse2
#define XGRAD_BENCH_M(operation) _mm_##operation
using sleef_vector = __m128;
#endif

namespace bench::math {
namespace {

using V = sleef_vector;
constexpr std::size_t width = sizeof(V) / sizeof(float);

template <class F>
added sleef(const std::string& function, F f) {
    return of_vectors<width>("sleef", function, [f](const float* x, float* y) { XGRAD_BENCH_M(store_ps)(y, f(XGRAD_BENCH_M(load_ps)(x))); });
}
V all(float x) { return XGRAD_BENCH_M(set1_ps)(x); }
V normal_cdf(V x) { return XGRAD_BENCH_M(mul_ps)(all(0.5f), XGRAD_BENCH_SLEEF(erfc, u15)(XGRAD_BENCH_M(mul_ps)(all(-1 / std::numbers::sqrt2_v<float>), x))); }
V sigmoid(V x) { return XGRAD_BENCH_M(div_ps)(all(1), XGRAD_BENCH_M(add_ps)(all(1), XGRAD_BENCH_SLEEF(exp, u10)(XGRAD_BENCH_M(sub_ps)(all(0), x)))); }

/// To 1 ulp, erfc to 1.5.
const added sleefs[]{sleef("exp", [](V x) { return XGRAD_BENCH_SLEEF(exp, u10)(x); }),
                     sleef("expm1", [](V x) { return XGRAD_BENCH_SLEEF(expm1, u10)(x); }),
                     sleef("log", [](V x) { return XGRAD_BENCH_SLEEF(log, u10)(x); }),
                     sleef("log1p", [](V x) { return XGRAD_BENCH_SLEEF(log1p, u10)(x); }),
                     sleef("tanh", [](V x) { return XGRAD_BENCH_SLEEF(tanh, u10)(x); }),
                     sleef("erf", [](V x) { return XGRAD_BENCH_SLEEF(erf, u10)(x); }),
                     sleef("erfc", [](V x) { return XGRAD_BENCH_SLEEF(erfc, u15)(x); }),
                     sleef("normal_cdf", [](V x) { return normal_cdf(x); }),
                     sleef("sigmoid", [](V x) { return sigmoid(x); })};

}  // namespace
}  // namespace bench::math
