// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/math/logarithm.hpp>
#include <xgrad/kernel/math/wide.hpp>

namespace xgrad::kernel::math {

/// x^y to 1.1 ulp: y log2(x) in double, since its error is multiplied by it; what is behind the point then fits a float.
template <class A>
XGRAD_INLINE floats<A> pow(floats<A> x, floats<A> y) {
    // Scaled, since 2^-k must be a normal number.
    const auto small = x < floats<A>(1.0f);
    const floats<A> scaled = x * xsimd::select(small, floats<A>(8388608.0f), floats<A>(0.25f));
    const reduced_logarithm<A> l(scaled);
    const floats<A> f = multiply_add(scaled, l.power, floats<A>(-1.0f));
    floats<A> k = l.k_shifted * floats<A>(1.0f / 8388608.0f) - xsimd::select(small, floats<A>(23.0f), floats<A>(-2.0f));
    k = xsimd::select(x == floats<A>(0.0f), floats<A>(-std::numeric_limits<float>::infinity()), k);
    const wide<A> z = in_double<A>(
        [](doubles<A> fraction, doubles<A> whole, doubles<A> exponent) {
            // log2(1 + f) / f, minimax: relative error below 2.6e-12
            const doubles<A> p = polynomial<A>(fraction, 1.4426950408865742, -0.72134752032754373, 0.48089834880296269, -0.36067379313874329, 0.28853879572042444,
                                               -0.24044643349534448, 0.20610712323971942, -0.18043675252437799, 0.16021666621204987, -0.1424986198795744,
                                               0.13027560983343379, -0.13462935846994128, 0.13251208074518749, -0.069739140621487579);
            const doubles<A> logarithm = exponent * multiply_add(p, fraction, whole);
            return xsimd::min(xsimd::max(logarithm, doubles<A>(-160.0)), doubles<A>(160.0));
        },
        widened<A>(f), widened<A>(k), widened<A>(y));
    const wide<A> n = in_double<A>([](doubles<A> v) { return nearest<A>(v); }, z);
    const floats<A> r = narrowed<A>(in_double<A>([](doubles<A> v, doubles<A> whole) { return v - whole; }, z, n));
    // 2^r, minimax: relative error below 1.9e-9
    const floats<A> power = polynomial<A>(r, 1.0f, 0.693147206248f, 0.240226513459f, 0.0555032779122f, 0.00961800389198f, 0.00134002696491f, 0.000154762996781f);
    floats<A> result = rounded<A>(narrowed<A>(n), 1.0f).times_any_power(power);
    result = xsimd::select(y == floats<A>(0.0f), floats<A>(1.0f), result);
    const auto ordinary = (floats<A>(0.0f) <= with_sign_of<A>(floats<A>(1.0f), x)) & (x < floats<A>(std::numeric_limits<float>::infinity())) &
                          (xsimd::abs(y) < floats<A>(std::numeric_limits<float>::infinity()));
    if (in_all_lanes<A>(ordinary)) [[likely]]
        return result;
    return patched<A>(result, x, ordinary, [](float base, float exponent) { return std::pow(base, exponent); }, y);
}

}  // namespace xgrad::kernel::math
