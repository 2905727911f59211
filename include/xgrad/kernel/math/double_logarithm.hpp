// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/math/double_exponential.hpp>

#include <limits>

namespace xgrad::kernel::math {

/// x = 2^k m with m from sqrt(1/2) to sqrt(2), for x from the smallest normal number to the largest.
template <class A>
struct split_double {
    doubles<A> k, m;

    explicit XGRAD_INLINE split_double(doubles<A> x) {
        constexpr std::int64_t begin = 0x3fe6a09e667f3bcd;  // sqrt(1/2)
        constexpr std::int64_t mantissa = (std::int64_t{1} << 52) - 1, one = 0x3ff0000000000000;
        const long_integers<A> moved = bits_of<A>(x) + long_integers<A>(one - begin);
        const auto exponent = xsimd::bitwise_cast<long_integers<A>>(xsimd::bitwise_cast<xsimd::batch<std::uint64_t, A>>(moved) >> 52);
        k = from_bits<A>(exponent | long_integers<A>(0x4330000000000000)) - doubles<A>(0x1p52 + 1023);
        m = from_bits<A>((moved & long_integers<A>(mantissa)) + long_integers<A>(begin));
    }
    /// k log 2 + log(1 + f): with s = f / (2 + f) the second is 2 atanh s, written as f less what is small beside it. The polynomial is right to 1.2e-18.
    XGRAD_INLINE doubles<A> logarithm(doubles<A> f) const {
        const doubles<A> s = f / (f + doubles<A>(2.0)), z = s * s, half = doubles<A>(0.5) * f * f;
        const doubles<A> p = polynomial<A>(z, 0.6666666666666735, 0.3999999999941109, 0.2857142874326326, 0.22222198475944277, 0.18183569741309427,
                                           0.1531390322167224, 0.147975078519836);
        const doubles<A> small = multiply_add(s, multiply_add(z, p, half), k * doubles<A>(1.9082149292705877e-10));
        return k * doubles<A>(0x1.62e42fee00000p-1) - ((half - small) - f);
    }
};
/// y, but -infinity where x is 0, NaN below it, and x itself where it is infinite or NaN.
template <class A>
XGRAD_INLINE doubles<A> with_edges_of_log(doubles<A> y, doubles<A> x) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const doubles<A> zero(0.0), edge = xsimd::select(x == zero, doubles<A>(-infinity), xsimd::select(x < zero, doubles<A>(std::numeric_limits<double>::quiet_NaN()), x));
    return xsimd::select((x > zero) & (x < doubles<A>(infinity)), y, edge);
}

/// log x to 1 ulp, of numbers below the normal ones too.
template <class A>
XGRAD_INLINE doubles<A> log(doubles<A> x) {
    const auto tiny = x < doubles<A>(std::numeric_limits<double>::min());
    split_double<A> parts(xsimd::select(tiny, x * doubles<A>(0x1p54), x));
    parts.k = parts.k - xsimd::select(tiny, doubles<A>(54.0), doubles<A>(0.0));
    return with_edges_of_log<A>(parts.logarithm(parts.m - doubles<A>(1.0)), x);
}

/// log(1 + x) to 1.5 ulp, with the sign of x: what rounding 1 + x lost goes back into it.
template <class A>
XGRAD_INLINE doubles<A> log1p(doubles<A> x) {
    const doubles<A> one(1.0), sum = kept_apart(x + one), lost = xsimd::select(x > one, one - (sum - x), x - (sum - one));
    const split_double<A> parts(sum);
    const doubles<A> scale = power_of_two<A>(xsimd::max(doubles<A>(-1022.0), -parts.k));
    return xsimd::copysign(with_edges_of_log<A>(parts.logarithm(multiply_add(lost, scale, parts.m - one)), sum), x);
}

/// log(1 - e^x) to 2 ulp for x below 0; -infinity at 0, NaN above it. Near 0 the logarithm of 1 - e^x, which is made of e^r - 1; below -log 2 what
/// rounding lost of e^x and of 1 - e^x goes back into it.
template <class A>
XGRAD_INLINE doubles<A> log1mexp(doubles<A> x) {
    const doubles<A> one(1.0), zero(0.0);
    const reduced_double_exponential<A> e(clamped<A>(x, -746.0, 0.0));
    const doubles<A> less_one = e.expm1(), sum = less_one + one, power = e.times_power(sum), scale = power_of_two<A>(xsimd::max(e.n, doubles<A>(-1022.0)));
    const auto near = x > doubles<A>(-0.69314718055994531);
    const doubles<A> far = one - power, u = xsimd::select(near, multiply_add(-less_one, scale, one - scale), far);
    const doubles<A> lost = xsimd::select(near, zero, ((one - far) - power) - scale * (less_one - (sum - one)));
    const auto tiny = u < doubles<A>(std::numeric_limits<double>::min());
    split_double<A> parts(xsimd::select(tiny, u * doubles<A>(0x1p54), u));
    const doubles<A> f = multiply_add(lost, xsimd::select(parts.k < zero, doubles<A>(2.0), one), parts.m - one);  // far, 1 - e^x is at least 1/2
    parts.k = parts.k - xsimd::select(tiny, doubles<A>(54.0), zero);
    const doubles<A> result = xsimd::copysign(parts.logarithm(f), doubles<A>(-1.0));
    return xsimd::select(x < zero, result, xsimd::select(x == zero, doubles<A>(-std::numeric_limits<double>::infinity()), doubles<A>(std::numeric_limits<double>::quiet_NaN())));
}

}  // namespace xgrad::kernel::math
