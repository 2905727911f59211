// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/math/bits.hpp>

namespace xgrad::kernel::math {

/// x = n log 2 + r with |r| <= log(2) / 2.
template <class A>
struct reduced_exponential {
    rounded<A> n;
    floats<A> r;

    /// log 2 in two parts, the first with so few bits that n times it is exact.
    explicit XGRAD_INLINE reduced_exponential(floats<A> x) : n(x, 1.44269504f), r(less_powers(x)) {}
    /// Of head + rest, which need not be one float.
    XGRAD_INLINE reduced_exponential(floats<A> head, floats<A> rest) : n(head + rest, 1.44269504f), r(less_powers(head) + rest) {}

    /// (e^r - 1 - r) / r^2, minimax: the relative error of e^r - 1 is below 1.4e-8.
    XGRAD_INLINE floats<A> tail() const {
        const floats<A> low = multiply_add(r, floats<A>(0.166665386831f), floats<A>(0.499999980418f));
        const floats<A> high = multiply_add(r, floats<A>(0.00836718084123f), floats<A>(0.0416672211835f));
        const floats<A> square = r * r;
        return multiply_add(square, multiply_add(square, floats<A>(0.00138824025014f), high), low);
    }
    XGRAD_INLINE floats<A> exp() const { return multiply_add(tail(), r * r, r + floats<A>(1.0f)); }
    XGRAD_INLINE floats<A> expm1() const { return multiply_add(tail(), r * r, r); }
    /// e^r with what rounding r + 1 lost: 0.83 ulp.
    XGRAD_INLINE floats<A> fine_exp() const {
        const floats<A> sum = r + floats<A>(1.0f), lost = r - (sum - floats<A>(1.0f));
        return sum + multiply_add(tail(), r * r, lost);
    }

private:
    XGRAD_INLINE floats<A> less_powers(floats<A> x) const {
        return multiply_add(n.number, floats<A>(2.12194440e-4f), multiply_add(n.number, floats<A>(-0.693359375f), x));
    }
};

#if defined(__AVX512F__)
/// x = n log 2 + r with n a multiple of 1/16 and |r| <= log(2) / 32: what n has behind the point is looked up in a register.
///
/// Limits      however large x is, |r| is held below 1, so that e^r is positive and n alone gives 0 or infinity; NaN comes by n
/// Error       1.04 ulp: a rounded power of two, a rounded product; the cubic adds 2e-9. `Fine` adds what rounding the power lost: 0.6 ulp
template <bool Fine = false>
XGRAD_INLINE __m512 exp_by_table(__m512 x) {
    alignas(64) static constexpr float power[16] = {1.0f,        1.04427379f, 1.09050775f, 1.13878864f, 1.18920708f, 1.24185777f, 1.29683959f, 1.35425556f,
                                                    1.41421354f, 1.47682619f, 1.54221082f, 1.61049032f, 1.68179286f, 1.75625217f, 1.8340081f,  1.91520655f};
    const __m512 shift = _mm512_set1_ps(786432.0f);  // 1.5 * 2^19: sums with it are multiples of 1/16
    const __m512 shifted = _mm512_fmadd_ps(x, _mm512_set1_ps(1.44269504f), shift), n = _mm512_sub_ps(shifted, shift);
    __m512 r = _mm512_fmadd_ps(n, _mm512_set1_ps(2.12194440e-4f), _mm512_fmadd_ps(n, _mm512_set1_ps(-0.693359375f), x));
#if defined(__AVX512DQ__)
    r = _mm512_range_ps(r, _mm512_set1_ps(1.0f), 2);  // the smaller of the magnitudes, with the sign of r
#else
    r = _mm512_max_ps(_mm512_min_ps(r, _mm512_set1_ps(1.0f)), _mm512_set1_ps(-1.0f));
#endif
    const __m512 less_one = _mm512_fmadd_ps(_mm512_fmadd_ps(r, _mm512_set1_ps(0.1666698f), _mm512_set1_ps(0.5000162f)), _mm512_mul_ps(r, r), r);
    const __m512 fraction = _mm512_permutexvar_ps(_mm512_castps_si512(shifted), _mm512_load_ps(power));
    if constexpr (Fine) {
        alignas(64) static constexpr float lost[16] = {0.0f, 4.83347014e-08f, -1.30775402e-08f, 5.38622214e-08f, 3.79763539e-08f, 4.49683815e-08f,
                                                       -4.01899938e-08f, -1.0123349e-08f, 2.42032342e-08f, -4.5008987e-08f, 8.07090469e-09f,
                                                       9.8362172e-09f, -2.47553273e-08f, -9.23577034e-09f, -1.12392781e-08f, 9.84532845e-09f};
        const __m512 rest = _mm512_fmadd_ps(less_one, fraction, _mm512_permutexvar_ps(_mm512_castps_si512(shifted), _mm512_load_ps(lost)));
        return _mm512_scalef_ps(_mm512_add_ps(fraction, rest), n);
    }
    return _mm512_scalef_ps(_mm512_fmadd_ps(less_one, fraction, fraction), n);
}
#endif

/// e^x for any x: what exp leaves to a function of its own, so that its own few instructions stand in every loop.
template <class A>
XGRAD_NOINLINE floats<A> exp_of_any(floats<A> x) {
    const reduced_exponential<A> held(clamped<A>(x, -104.0f, 89.0f));
    return held.n.times_any_power(held.exp());
}

/// e^x to 1.1 ulp, also where the result is below the normal numbers; 0 and infinity where it must be.
template <class A>
XGRAD_INLINE floats<A> exp(floats<A> x) {
#if defined(__AVX512F__)
    if constexpr (scales_in_one<A>) return exp_by_table(x);
#endif
    if (in_all_lanes<A>(xsimd::abs(x) < floats<A>(87.0f))) [[likely]] {
        const reduced_exponential<A> e(x);
        return e.n.times_power(e.exp());
    }
    return exp_of_any<A>(x);
}

/// e^-|x| to 0.83 ulp: what sigmoid and softplus begin with, which make the error larger.
template <class A>
XGRAD_INLINE floats<A> decay(floats<A> x) {
    const floats<A> argument = from_bits<A>(bits_of<A>(x) | integers<A>(INT32_MIN));
#if defined(__AVX512F__)
    if constexpr (scales_in_one<A>) return exp_by_table<true>(argument);
#endif
    const reduced_exponential<A> e(argument);
    if (in_all_lanes<A>(argument > floats<A>(-87.0f))) [[likely]]
        return e.n.times_power(e.fine_exp());
    const reduced_exponential<A> held(clamped<A>(argument, -104.0f, 0.0f));
    return held.n.times_any_power(held.fine_exp());
}

/// e^x - 1 to 1.6 ulp.
template <class A>
XGRAD_INLINE floats<A> expm1(floats<A> x) {
    const reduced_exponential<A> e(clamped<A>(x, -20.0f, 89.0f));
    // With half of 2^n, which is finite where 2^n is not.
    const floats<A> half = e.n.times_power(floats<A>(0.5f));
    const floats<A> result = multiply_add(e.expm1(), half, half - floats<A>(0.5f));
    return with_sign_of<A>(result + result, x);
}

#if defined(__AVX512F__)
/// tanh x to 1.1 ulp: polynomials of how far |x| is from where its interval begins. The intervals are quarters of the octaves of |x| + 1, four bits of
/// which look up each coefficient in a register.
///
/// Limits      the first polynomial begins with 0 + t, so that tiny numbers stay what they are; from 9 on the result is 1
/// Error       of the polynomials 0.41 ulp, at the end of an interval; the rest is the rounding of the first coefficient and of the sum
XGRAD_INLINE __m512 tanh_by_table(__m512 x) {
    // Intervals from 1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 9, 11, 13; 0, 0.25, 0.5, 0.75.
    alignas(64) static constexpr float coefficient[7][16] = {
        {0.761594176f, 0.905148268f, 0.964027584f, 0.986614287f, 0.995054781f, 0.999329329f, 0.999909222f, 0.999987721f,
         0.999998331f, 1.0f, 1.0f, 1.0f, 0.0f, 0.244918659f, 0.462117165f, 0.635148942f},
        {0.419973701f, 0.180706114f, 0.0706506446f, 0.0265928432f, 0.00986487418f, 0.00134008483f, 0.00018107488f, 2.4301251e-5f,
         3.40407792e-6f, 0.0f, 0.0f, 0.0f, 1.0f, 0.940015197f, 0.78644675f, 0.596586943f},
        {-0.31985116f, -0.163564295f, -0.0681069121f, -0.0262458287f, -0.00980345812f, -0.00133242842f, -0.00017740413f, -2.23608768e-5f,
         -3.61173988e-6f, 0.0f, 0.0f, 0.0f, -1.14828288e-6f, -0.230238169f, -0.363396198f, -0.378956974f},
        {0.103726454f, 0.0878727138f, 0.0420978218f, 0.0170833617f, 0.00640851352f, 0.000862237881f, 0.000106227475f, 8.71722477e-6f,
         2.63062293e-6f, 0.0f, 0.0f, 0.0f, -0.333268404f, -0.256807476f, -0.094742924f, 0.042289257f},
        {0.0267235991f, -0.0255728271f, -0.0178906955f, -0.00823795889f, -0.00298437849f, -0.000383557519f, -3.42503117e-5f, 4.80057133e-6f,
         -1.32680873e-6f, 0.0f, 0.0f, 0.0f, -0.00120408915f, 0.138793096f, 0.168965891f, 0.0967992023f},
        {-0.0432129279f, -0.000206671291f, 0.00493113929f, 0.00310606859f, 0.000939140213f, 0.000107260115f, 3.23468925e-7f, -7.50610479e-6f,
         4.00714839e-7f, 0.0f, 0.0f, 0.0f, 0.14317748f, 0.074926421f, -0.0451842956f, -0.056537535f},
        {0.0156413335f, 0.00243221014f, -0.000642349652f, -0.000775107881f, -0.000150176129f, -1.37197321e-5f, 2.51940787e-6f, 2.66417373e-6f,
         -5.2534304e-8f, 0.0f, 0.0f, 0.0f, -0.0371257886f, -0.0742615312f, -0.0130135911f, -0.00160342129f}};
    const __m512 one = _mm512_set1_ps(1.0f), size = _mm512_min_ps(_mm512_set1_ps(10.0f), _mm512_abs_ps(x));
    const __m512i shifted = _mm512_castps_si512(_mm512_add_ps(size, one)), interval = _mm512_srli_epi32(shifted, 21);
    const __m512 begin = _mm512_sub_ps(_mm512_castsi512_ps(_mm512_and_si512(shifted, _mm512_set1_epi32(-(1 << 21)))), one), t = _mm512_sub_ps(size, begin);
    const auto c = [&](std::size_t k) XGRAD_LAMBDA_INLINE { return _mm512_permutexvar_ps(interval, _mm512_load_ps(coefficient[k])); };
    const __m512 high = _mm512_fmadd_ps(_mm512_fmadd_ps(_mm512_fmadd_ps(c(6), t, c(5)), t, c(4)), t, c(3));
    const __m512 sum = _mm512_fmadd_ps(_mm512_fmadd_ps(_mm512_fmadd_ps(high, t, c(2)), t, c(1)), t, c(0));
    return _mm512_castsi512_ps(_mm512_ternarylogic_epi32(_mm512_set1_epi32(INT32_MIN), _mm512_castps_si512(x), _mm512_castps_si512(sum), 0xca));
}
#endif

/// tanh x to 2 ulp: with e = e^(2 |x|) - 1 it is e / (e + 2), in which errors of a large e vanish; near 0 a polynomial.
template <class A>
XGRAD_INLINE floats<A> tanh(floats<A> x) {
#if defined(__AVX512F__)
    if constexpr (scales_in_one<A>) return tanh_by_table(x);
#endif
    const floats<A> size = xsimd::abs(x), square = x * x;
    const reduced_exponential<A> e(clamped<A>(size + size, 0.0f, 20.0f));
    const floats<A> power = e.n.times_power(floats<A>(1.0f));
    const floats<A> less_one = multiply_add(e.expm1(), power, power - floats<A>(1.0f));
    const floats<A> large = less_one / (floats<A>(2.0f) + less_one);
    const floats<A> tail = polynomial<A>(square, -0.333332480418f, 0.133291996224f, -0.0533394325026f, 0.018013915512f);
    const floats<A> small = multiply_add(size * square, tail, size);
    return with_sign_of<A>(xsimd::select(size < floats<A>(0.45f), small, large), x);
}

}  // namespace xgrad::kernel::math
