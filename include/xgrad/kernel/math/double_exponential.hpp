// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/math/wide.hpp>

namespace xgrad::kernel::math {

template <class A>
using long_integers = xsimd::batch<std::int64_t, A>;
template <class A>
XGRAD_INLINE long_integers<A> bits_of(doubles<A> x) {
    return xsimd::bitwise_cast<long_integers<A>>(x);
}
template <class A>
XGRAD_INLINE doubles<A> from_bits(long_integers<A> i) {
    return xsimd::bitwise_cast<doubles<A>>(i);
}

/// x held between two numbers; NaN stays NaN. (The instructions give their second operand where one is NaN.)
template <class A>
XGRAD_INLINE doubles<A> clamped(doubles<A> x, double least, double most) {
    return xsimd::min(doubles<A>(most), xsimd::max(doubles<A>(least), x));
}
/// 2^n for whole n from -1022 to 1023.
template <class A>
XGRAD_INLINE doubles<A> power_of_two(doubles<A> n) {
    const doubles<A> biased(6755399441055744.0 + 1023);  // sums with 1.5 * 2^52 have integers as their last bits
    return from_bits<A>(bits_of<A>(n + biased) << 52);
}

/// y 2^n, n whole from -2000 to 2000, with one rounding where the result is below the normal numbers.
template <class A>
XGRAD_INLINE doubles<A> times_power_of_two(doubles<A> y, doubles<A> n) {
#if defined(__AVX512F__)
    if constexpr (sizeof(y) == 64) return _mm512_scalef_pd(y, n);
#endif
    const doubles<A> half = nearest<A>(n * doubles<A>(0.5));
    return y * power_of_two<A>(half) * power_of_two<A>(n - half);
}

/// (e^r - 1 - r) / r^2 for |r| <= log(2) / 2: the minimax polynomial is right to 5.4e-18 of e^r.
template <class A>
XGRAD_INLINE doubles<A> exponential_tail(doubles<A> r) {
    const doubles<A> square = r * r;
    const auto pair = [&](double c0, double c1) XGRAD_LAMBDA_INLINE { return multiply_add(r, doubles<A>(c1), doubles<A>(c0)); };
    const doubles<A> low = multiply_add(square, pair(0.0083333333335005800, 0.0013888888926891446), pair(0.16666666666666433, 0.041666666666603750));
    const doubles<A> high = multiply_add(square, pair(2.7557641380667230e-6, 2.7625243872167266e-7), pair(1.9841269465307218e-4, 2.4801508550682365e-5));
    const doubles<A> fourth = square * square, tail = multiply_add(fourth, multiply_add(fourth, doubles<A>(2.4978324990632227e-8), high), low);
    return multiply_add(tail, r, doubles<A>(0.5));
}

/// x = n log 2 + r with |r| <= log(2) / 2, for |x| below 2000.
template <class A>
struct reduced_double_exponential {
    doubles<A> n, r;

    /// log 2 in two parts, the first with so few bits that n times it is exact.
    explicit XGRAD_INLINE reduced_double_exponential(doubles<A> x)
        : n(nearest<A>(x * doubles<A>(1.4426950408889634))), r(multiply_add(n, doubles<A>(-1.9082149292705877e-10), multiply_add(n, doubles<A>(-0x1.62e42fee00000p-1), x))) {}

    /// e^r - 1.
    XGRAD_INLINE doubles<A> expm1() const { return multiply_add(exponential_tail<A>(r), r * r, r); }
    XGRAD_INLINE doubles<A> times_power(doubles<A> y) const { return times_power_of_two<A>(y, n); }
};

/// e^x to 1 ulp, also where the result is below the normal numbers; 0 and infinity where it must be.
template <class A>
XGRAD_INLINE doubles<A> exp(doubles<A> x) {
    const reduced_double_exponential<A> e(clamped<A>(x, -746.0, 710.0));
    return e.times_power(e.expm1() + doubles<A>(1.0));
}

/// e^x - 1 to 1.6 ulp, with the sign of x.
template <class A>
XGRAD_INLINE doubles<A> expm1(doubles<A> x) {
    const reduced_double_exponential<A> e(clamped<A>(x, -40.0, 710.0));
    // With half of 2^n, which is finite where 2^n is not.
    const doubles<A> half = power_of_two<A>(e.n - doubles<A>(1.0)), result = multiply_add(e.expm1(), half, half - doubles<A>(0.5));
    return xsimd::copysign(xsimd::select(xsimd::abs(x) < doubles<A>(0x1p-1000), x, result + result), x);
}

/// tanh x to 2 ulp: with e = e^(2 |x|) - 1 it is e / (e + 2), in which errors of a large e vanish; up to 0.4 a polynomial, right to 1.8e-18.
template <class A>
XGRAD_INLINE doubles<A> tanh(doubles<A> x) {
    const doubles<A> size = clamped<A>(xsimd::abs(x), 0.0, 20.0), e = expm1<A>(size + size), square = size * size;
    const doubles<A> p = polynomial<A>(square, -0.3333333333333319, 0.1333333333329859, -0.05396825393850546, 0.021869487286007995, -0.008863205753139584,
                                       0.0035916982550503757, -0.0014519895371610388, 0.0005690415861373164, -0.00017382802217081697);
    const doubles<A> result = xsimd::select(size < doubles<A>(0.4), multiply_add(p * square, size, size), e / (e + doubles<A>(2.0)));
    return xsimd::copysign(result, x);
}

}  // namespace xgrad::kernel::math
