// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/config.hpp>
#include <xgrad/kernel/math/simd.hpp>

#include <cstddef>
#include <cstdint>

namespace xgrad::kernel::math {

/// Vectors of float and the integers that have the same bits.
template <class A>
using floats = xsimd::batch<float, A>;
template <class A>
using integers = xsimd::batch<std::int32_t, A>;

template <class A>
XGRAD_INLINE integers<A> bits_of(floats<A> x) {
    return xsimd::bitwise_cast<integers<A>>(x);
}
template <class A>
XGRAD_INLINE floats<A> from_bits(integers<A> i) {
    return xsimd::bitwise_cast<floats<A>>(i);
}

/// a b + c, rounded once where the machine can. (xsimd 8 has no such instruction for AVX-512: g++ makes it of two, clang does not.)
template <class T, class A>
XGRAD_INLINE xsimd::batch<T, A> multiply_add(xsimd::batch<T, A> a, xsimd::batch<T, A> b, xsimd::batch<T, A> c) {
#if defined(__AVX512F__)
    if constexpr (sizeof(a) == 64 && std::is_same_v<T, float>) return _mm512_fmadd_ps(a, b, c);
    if constexpr (sizeof(a) == 64 && std::is_same_v<T, double>) return _mm512_fmadd_pd(a, b, c);
#endif
    return xsimd::fma(a, b, c);
}

/// x, as a number that the compiler does not see being made.
template <class V>
XGRAD_INLINE V kept_apart(V x) {
#if defined(__x86_64__)
    typename V::register_type held = x;
    asm("" : "+v"(held));
    return held;
#else
    return x;
#endif
}

/// a b - c, likewise.
template <class T, class A>
XGRAD_INLINE xsimd::batch<T, A> multiply_subtract(xsimd::batch<T, A> a, xsimd::batch<T, A> b, xsimd::batch<T, A> c) {
#if defined(__AVX512F__)
    if constexpr (sizeof(a) == 64 && std::is_same_v<T, float>) return _mm512_fmsub_ps(a, b, c);
    if constexpr (sizeof(a) == 64 && std::is_same_v<T, double>) return _mm512_fmsub_pd(a, b, c);
#endif
    return xsimd::fms(a, b, c);
}
/// They do round once.
#if defined(__FMA__)
template <class A>
inline constexpr bool fuses = std::is_same_v<A, xsimd::default_arch>;
#else
template <class A>
inline constexpr bool fuses = false;
#endif

/// Does m hold in every lane? (The instruction that tests a vector of AVX takes twice as long as bringing its signs to a number.)
template <class A, class T>
XGRAD_INLINE bool in_all_lanes(xsimd::batch_bool<T, A> m) {
#if defined(__AVX__)
    if constexpr (sizeof(floats<A>) == 32 && std::is_same_v<T, float>) return _mm256_movemask_ps(m) == 0xff;
    if constexpr (sizeof(floats<A>) == 32 && std::is_same_v<T, double>) return _mm256_movemask_pd(m) == 0xf;
#endif
    return xsimd::all(m);
}

/// x held between two numbers; NaN stays NaN.
template <class A>
XGRAD_INLINE floats<A> clamped(floats<A> x, float least, float most) {
#if defined(__AVX512F__)
    if constexpr (sizeof(floats<A>) == 64) return _mm512_min_ps(_mm512_set1_ps(most), _mm512_max_ps(_mm512_set1_ps(least), x));
#elif defined(__AVX__)
    if constexpr (sizeof(floats<A>) == 32) return _mm256_min_ps(_mm256_set1_ps(most), _mm256_max_ps(_mm256_set1_ps(least), x));
#endif
    const floats<A> low(least), high(most);
    const floats<A> raised = xsimd::select(x < low, low, x);
    return xsimd::select(high < raised, high, raised);
}

/// The smaller of x and a number; NaN stays NaN.
template <class A>
XGRAD_INLINE floats<A> held_below(floats<A> x, float most) {
#if defined(__AVX512F__)
    if constexpr (sizeof(floats<A>) == 64) return _mm512_min_ps(_mm512_set1_ps(most), x);
#elif defined(__AVX__)
    if constexpr (sizeof(floats<A>) == 32) return _mm256_min_ps(_mm256_set1_ps(most), x);
#endif
    return xsimd::select(floats<A>(most) < x, floats<A>(most), x);
}

/// The larger of two; NaN where one is NaN. (The instruction gives its second operand where one is: so a stays NaN by itself,
/// and a running maximum waits for nothing but that instruction.)
template <class A>
XGRAD_INLINE floats<A> larger(floats<A> a, floats<A> b) {
#if defined(__AVX512F__)
    if constexpr (sizeof(floats<A>) == 64) return _mm512_mask_max_ps(b, _mm512_cmp_ps_mask(b, b, _CMP_ORD_Q), b, a);
#endif
#if defined(__AVX__)
    if constexpr (sizeof(floats<A>) == 32) return _mm256_blendv_ps(_mm256_max_ps(b, a), b, _mm256_cmp_ps(b, b, _CMP_UNORD_Q));
    if constexpr (sizeof(floats<A>) == 16) return _mm_blendv_ps(_mm_max_ps(b, a), b, _mm_cmp_ps(b, b, _CMP_UNORD_Q));
#endif
    return xsimd::select(a > b, a, xsimd::select(a == a, b, a));
}

/// The size of x with the sign of y.
template <class A>
XGRAD_INLINE floats<A> with_sign_of(floats<A> x, floats<A> y) {
    const integers<A> sign(INT32_MIN);
    return from_bits<A>((bits_of<A>(x) & ~sign) | (bits_of<A>(y) & sign));
}

#if defined(__AVX512F__)
template <class A>
inline constexpr bool scales_in_one = sizeof(floats<A>) == 64;  ///< an instruction for x 2^n, rounded once
#else
template <class A>
inline constexpr bool scales_in_one = false;
#endif

/// The integer nearest to x, and powers of two by it.
template <class A>
class rounded {
    static constexpr float shift = 12582912.0f;  ///< 1.5 * 2^23: sums with it are integers
    integers<A> shifted_;

    XGRAD_INLINE integers<A> integer() const { return shifted_ - integers<A>(0x4b400000); }

public:
    floats<A> number;

    /// Of x k.
    XGRAD_INLINE rounded(floats<A> x, float k) {
#if defined(__AVX512F__)
        if constexpr (scales_in_one<A>) {
            number = _mm512_roundscale_ps(_mm512_mul_ps(x, _mm512_set1_ps(k)), _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
            return;
        }
#endif
        const floats<A> sum = multiply_add(x, floats<A>(k), floats<A>(shift));
        shifted_ = bits_of<A>(sum);
        number = sum - floats<A>(shift);
    }

    /// x 2^n for a normal x and a normal result, or a power of two for x.
    XGRAD_INLINE floats<A> times_power(floats<A> x) const {
#if defined(__AVX512F__)
        if constexpr (scales_in_one<A>) return _mm512_scalef_ps(x, number);
#endif
        return from_bits<A>(bits_of<A>(x) + (shifted_ << 23));  // what shift has beside the integer is shifted out
    }
    /// x 2^n for n from -252 to 254: overflow gives infinity, results below the normal numbers lose their last bits.
    XGRAD_INLINE floats<A> times_any_power(floats<A> x) const {
#if defined(__AVX512F__)
        if constexpr (scales_in_one<A>) return _mm512_scalef_ps(x, number);
#endif
        const integers<A> half = integer() >> 1, bias(127);
        return x * from_bits<A>((half + bias) << 23) * from_bits<A>((integer() - half + bias) << 23);
    }
};

/// Lanes that an ordinary path does not serve, computed one by one by the standard library.
template <class A, class T, class F, class... Second>
XGRAD_NOINLINE xsimd::batch<T, A> patched(xsimd::batch<T, A> result, xsimd::batch<T, A> x, xsimd::batch_bool<T, A> ordinary, F f, Second... y) {
    using V = xsimd::batch<T, A>;
    alignas(64) T argument[V::size], second[V::size], value[V::size], served[V::size];
    x.store_aligned(argument);
    (y.store_aligned(second), ...);
    result.store_aligned(value);
    xsimd::select(ordinary, V(T(1)), V(T(0))).store_aligned(served);
    for (std::size_t i = 0; i < V::size; ++i) {
        if (served[i] != 0) continue;
        if constexpr (sizeof...(y) == 0) {
            value[i] = f(argument[i]);
        } else {
            value[i] = f(argument[i], second[i]);
        }
    }
    return V::load_aligned(value);
}

/// What has no vector form: f of each lane, or of each lane of two.
template <class V, class F, class... Second>
XGRAD_NOINLINE V one_by_one(V x, F f, Second... y) {
    alignas(64) typename V::value_type lane[V::size], second[V::size];
    x.store_aligned(lane);
    (y.store_aligned(second), ...);
    for (std::size_t i = 0; i < V::size; ++i) {
        if constexpr (sizeof...(y) == 0) {
            lane[i] = f(lane[i]);
        } else {
            lane[i] = f(lane[i], second[i]);
        }
    }
    return V::load_aligned(lane);
}

/// c0 + x (c1 + x (...)).
template <class A, class... C>
XGRAD_INLINE floats<A> polynomial(floats<A> x, float c0, C... c) {
    if constexpr (sizeof...(c) == 0) {
        return floats<A>(c0);
    } else {
        return multiply_add(polynomial<A>(x, c...), x, floats<A>(c0));
    }
}

}  // namespace xgrad::kernel::math
