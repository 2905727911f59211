// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/math/exponential.hpp>

namespace xgrad::kernel::math {

/// erf x to 1.1 ulp: an odd polynomial near 0, beyond it 1 - e^p with p a polynomial near log erfc.
template <class A>
XGRAD_INLINE floats<A> erf(floats<A> x) {
    const floats<A> size = clamped<A>(xsimd::abs(x), 0.0f, 4.0f), square = x * x;
    const reduced_exponential<A> e(polynomial<A>(size, -0.000104519007436f, -1.12806105614f, -0.636518776417f, -0.104526162148f, 0.0225192252547f, -0.00311791640706f,
                                                 0.000203685645829f));
    const floats<A> large = xsimd::fma(e.exp(), e.n.times_power(floats<A>(-1.0f)), floats<A>(1.0f));
    const floats<A> tail = polynomial<A>(square, 0.128379166126f, -0.376125901937f, 0.11282864958f, -0.0268072877079f, 0.00505770370364f, -0.00063485186547f);
    const floats<A> small = xsimd::fma(tail, size, size);
    return with_sign_of<A>(xsimd::select(size < floats<A>(0.85f), small, large), x);
}

/// f e^(-x^2 / Share) for x from 0 and f from 0.02 to 1.
template <int Share, class A>
XGRAD_INLINE floats<A> times_gaussian(floats<A> f, floats<A> x) {
    // The square in two parts, since a rounding error of it is multiplied by it: the first is exact, of twelve bits of x.
    const floats<A> front = from_bits<A>(bits_of<A>(x) & integers<A>(-4096));
    const reduced_exponential<A> e(front * (front * floats<A>(-1.0f / Share)), (front - x) * ((front + x) * floats<A>(1.0f / Share)));
    const floats<A> result = xsimd::fma(f, e.expm1(), f);
    if constexpr (!scales_in_one<A>)
        if (xsimd::all(x < floats<A>(9.0f))) [[likely]]
            return e.n.times_power(result);
    return e.n.times_any_power(result);
}

/// erfc x to 4 ulp, also far out where erf x rounds to 1; results below the normal numbers to two of their units.
template <class A>
XGRAD_INLINE floats<A> erfc(floats<A> x) {
    const floats<A> size = clamped<A>(xsimd::abs(x), 0.0f, 10.2f), one(1.0f);
    // (x + 1) e^(x^2) erfc x, minimax in (x - 1) / (x + 1): relative error below 2.2e-8, none at 0.
    const floats<A> inverse = one / (size + one), q = (size - one) * inverse;
    const floats<A> scaled = polynomial<A>(q, 0.855167150497f, -0.237680703402f, -0.095555998385f, 0.0139022246003f, 0.025388661772f, 0.00960439443588f, -0.00117984134704f,
                                           -0.00388080300763f, -0.00247938907705f, -0.000177207111847f, 0.000754436245188f, 0.000327121291775f);
    const floats<A> tail = times_gaussian<1, A>(scaled * inverse, size);
    return xsimd::select(x < floats<A>(0.0f), floats<A>(2.0f) - tail, tail);
}

/// erfc(-x / sqrt 2) / 2, the normal distribution function, to 4 ulp, and below the normal numbers like erfc.
template <class A>
XGRAD_INLINE floats<A> normal_cdf(floats<A> x) {
    const floats<A> size = clamped<A>(xsimd::abs(x), 0.0f, 14.4f), shift(1.421875f);
    // As in erfc. The shift is near sqrt 2, and such that the result is exactly 1/2 at 0.
    const floats<A> inverse = floats<A>(1.0f) / (size + shift), q = (size - shift) * inverse;
    const floats<A> scaled = polynomial<A>(q, 0.605872273445f, -0.17052103579f, -0.0667521432042f, 0.0105977924541f, 0.0179803278297f, 0.00654366053641f, -0.000998168601654f,
                                           -0.00275033945218f, -0.00169271079358f, -9.45936699281e-05f, 0.000530889141373f, 0.000227488955716f);
    const floats<A> tail = times_gaussian<2, A>(scaled * inverse, size);
    return xsimd::select(x > floats<A>(0.0f), floats<A>(1.0f) - tail, tail);
}

}  // namespace xgrad::kernel::math
