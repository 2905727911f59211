// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/math/bits.hpp>

#include <utility>

namespace xgrad::kernel::math {

template <class A>
using doubles = xsimd::batch<double, A>;

/// A vector of float as two vectors of double: for what has more digits on the way than in the end.
template <class A>
struct wide {
    doubles<A> low, high;
};

template <class A>
XGRAD_INLINE wide<A> widened(floats<A> x) {
#if defined(__AVX512F__)
    if constexpr (sizeof(x) == 64) {
        const __m512d halves = _mm512_castps_pd(x);
        return {doubles<A>(_mm512_cvtps_pd(_mm256_castpd_ps(_mm512_castpd512_pd256(halves)))), doubles<A>(_mm512_cvtps_pd(_mm256_castpd_ps(_mm512_extractf64x4_pd(halves, 1))))};
    }
#endif
#if defined(__AVX__)
    if constexpr (sizeof(x) == 32) return {doubles<A>(_mm256_cvtps_pd(_mm256_castps256_ps128(x))), doubles<A>(_mm256_cvtps_pd(_mm256_extractf128_ps(x, 1)))};
#endif
#if defined(__SSE2__)
    if constexpr (sizeof(x) == 16) return {doubles<A>(_mm_cvtps_pd(x)), doubles<A>(_mm_cvtps_pd(_mm_movehl_ps(x, x)))};
#endif
    constexpr std::size_t width = doubles<A>::size;
    alignas(64) float from[2 * width];
    alignas(64) double to[2 * width];
    x.store_aligned(from);
    for (std::size_t i = 0; i < 2 * width; ++i) to[i] = from[i];
    return {doubles<A>::load_aligned(to), doubles<A>::load_aligned(to + width)};
}

template <class A>
XGRAD_INLINE floats<A> narrowed(wide<A> x) {
#if defined(__AVX512F__)
    if constexpr (sizeof(floats<A>) == 64) {
        const __m256d low = _mm256_castps_pd(_mm512_cvtpd_ps(x.low)), high = _mm256_castps_pd(_mm512_cvtpd_ps(x.high));
        return floats<A>(_mm512_castpd_ps(_mm512_insertf64x4(_mm512_castpd256_pd512(low), high, 1)));
    }
#endif
#if defined(__AVX__)
    if constexpr (sizeof(floats<A>) == 32) return floats<A>(_mm256_insertf128_ps(_mm256_castps128_ps256(_mm256_cvtpd_ps(x.low)), _mm256_cvtpd_ps(x.high), 1));
#endif
#if defined(__SSE2__)
    if constexpr (sizeof(floats<A>) == 16) return floats<A>(_mm_movelh_ps(_mm_cvtpd_ps(x.low), _mm_cvtpd_ps(x.high)));
#endif
    constexpr std::size_t width = doubles<A>::size;
    alignas(64) double from[2 * width];
    alignas(64) float to[2 * width];
    x.low.store_aligned(from);
    x.high.store_aligned(from + width);
    for (std::size_t i = 0; i < 2 * width; ++i) to[i] = static_cast<float>(from[i]);
    return floats<A>::load_aligned(to);
}

/// f of both halves, of each operand's.
template <class A, class F, class... X>
XGRAD_INLINE wide<A> in_double(F f, X... x) {
    return {f(x.low...), f(x.high...)};
}

template <class A>
XGRAD_INLINE doubles<A> polynomial(doubles<A>, double c0) {
    return doubles<A>(c0);
}
template <class A, class... C>
XGRAD_INLINE doubles<A> polynomial(doubles<A> x, double c0, C... c) {
    return multiply_add(polynomial<A>(x, c...), x, doubles<A>(c0));
}

/// The integer nearest to x, for |x| below 2^51.
template <class A>
XGRAD_INLINE doubles<A> nearest(doubles<A> x) {
    const doubles<A> shift(6755399441055744.0);  // 1.5 * 2^52
    return (x + shift) - shift;
}

}  // namespace xgrad::kernel::math
