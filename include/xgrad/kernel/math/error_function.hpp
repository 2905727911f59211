// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/math/exponential.hpp>
#include <xgrad/kernel/math/wide.hpp>

namespace xgrad::kernel::math {

/// erf x to 1.4 ulp: an odd polynomial near 0, beyond it 1 - e^p with p a polynomial near log erfc.
template <class A>
XGRAD_INLINE floats<A> erf(floats<A> x) {
    const floats<A> size = clamped<A>(xsimd::abs(x), 0.0f, 4.0f), square = x * x;
    const reduced_exponential<A> e(polynomial<A>(size, -0.000104519007436f, -1.12806105614f, -0.636518776417f, -0.104526162148f, 0.0225192252547f, -0.00311791640706f,
                                                 0.000203685645829f));
    const floats<A> large = multiply_add(e.exp(), e.n.times_power(floats<A>(-1.0f)), floats<A>(1.0f));
    const floats<A> tail = polynomial<A>(square, 0.128379166126f, -0.376125901937f, 0.11282864958f, -0.0268072877079f, 0.00505770370364f, -0.00063485186547f);
    const floats<A> small = multiply_add(tail, size, size);
    return with_sign_of<A>(xsimd::select(size < floats<A>(0.85f), small, large), x);
}

/// x 2^n for x from 2^-63 to 2 and a negative n; only the last product may round.
template <class A>
XGRAD_INLINE floats<A> scaled_back(floats<A> x, const rounded<A>& n) {
    if constexpr (scales_in_one<A>) return n.times_power(x);
    return x * n.times_power(floats<A>(0x1p63f)) * floats<A>(0x1p-63f);  // 2^(n + 63) is a normal number
}

/// p e^(-x^2 / Share) / q for x^2 / Share from 0 to 105 and p / q from 0.02 to 1. (The square is taken in two parts, since a rounding error of it is
/// multiplied by it; and the division is last, so that it serves both factors.)
/// Where there is a rest, it is what rounding lost of p.
template <int Share, class A, class... Rest>
XGRAD_INLINE floats<A> times_gaussian(floats<A> p, floats<A> q, floats<A> x, Rest... rest_of_p) {
    if constexpr (fuses<A>) {
        constexpr float s = Share;
        const floats<A> square = x * x, rest = multiply_subtract(x, x, square);
        const rounded<A> n(square, -1.44269504f / s);
        // The square less a multiple of Share log 2; and the series of reduced_exponential in it.
        const floats<A> r = multiply_add(n.number, floats<A>(0.693359375f * s), square) + multiply_add(n.number, floats<A>(-2.12194440e-4f * s), rest);
        const floats<A> less_one = r * polynomial<A>(r, -1.0f / s, 0.499999980418f / (s * s), -0.166665386831f / (s * s * s), 0.0416672211835f / (s * s * s * s),
                                                     -0.00836718084123f / (s * s * s * s * s), 0.00138824025014f / (s * s * s * s * s * s));
        if constexpr (sizeof...(rest_of_p) == 1) return scaled_back((p + multiply_add(p, less_one, rest_of_p...)) / q, n);
        return scaled_back(multiply_add(p, less_one, p) / q, n);
    } else {
        // The first part is exact, of twelve bits of x.
        const floats<A> front = from_bits<A>(bits_of<A>(x) & integers<A>(-4096));
        const reduced_exponential<A> e(front * (front * floats<A>(-1.0f / Share)), (front - x) * ((front + x) * floats<A>(1.0f / Share)));
        return scaled_back(multiply_add(p, e.expm1(), p) / q, e.n);
    }
}

/// k x p + q for a k near 2. Where that rounds more often, twice x, which is exact, makes the most of it.
template <class A>
XGRAD_INLINE floats<A> denominator(floats<A> x, float k, floats<A> p, floats<A> q) {
    if constexpr (fuses<A>) return multiply_add(x * floats<A>(k), p, q);
    return (x + x) * p + (x * floats<A>(k - 2.0f) * p + q);
}

/// erfc x to 4 ulp, also far out where erf x rounds to 1; results below the normal numbers to two of their units.
template <class A>
XGRAD_INLINE floats<A> erfc(floats<A> x) {
    const floats<A> size = held_below<A>(xsimd::abs(x), 10.2f);
    // e^(x^2) erfc x = p / (k x p + q), minimax: relative error below 2.2e-8, none at 0. Far out the rounding errors of p cancel, and q is small.
    const floats<A> p = polynomial<A>(size, 27.9057164539f, 36.3656168683f, 22.333983561f, 7.32015145886f, 1.11219984083f);
    const floats<A> q = polynomial<A>(size, 27.9057159424f, 18.3921968082f, 6.53607629482f, 0.982707269123f);
    const floats<A> tail = times_gaussian<1, A>(p, denominator<A>(size, 1.77245700359f, p, q), size);
    return xsimd::select(x < floats<A>(0.0f), floats<A>(2.0f) - tail, tail);
}

/// f erfc(x / sqrt 2) / 2 for x from 0 to 14.5, in double: its roundings make 3 ulp in float.
template <class A>
XGRAD_INLINE floats<A> normal_tail(floats<A> f, floats<A> x) {
    const wide<A> v = widened<A>(x);
    auto power = [](doubles<A> u) { return u * u * doubles<A>(-0.72134752044448170); };  // -x^2 / 2 in powers of two
    const wide<A> n = in_double<A>([&](doubles<A> u) { return nearest<A>(power(u)); }, v);
    const floats<A> front = narrowed<A>(in_double<A>(
        [&](doubles<A> u, doubles<A> whole, doubles<A> factor) {
            // As in erfc; the coefficients are floats, with which it is exactly 1/2 at 0.
            const doubles<A> p = polynomial<A>(u, 57.2450949553f, 52.7941268941f, 22.9428584786f, 5.32157470459f, 0.57239492996f);
            const doubles<A> q = polynomial<A>(u, 114.490188599f, 53.4458885763f, 13.4379178493f, 1.43058185367f), r = power(u) - whole;
            const doubles<A> fraction = polynomial<A>(r, 1.0, 0.693147206248, 0.240226513459, 0.0555032779122, 0.00961800389198, 0.00134002696491, 0.000154762996781);
            return factor * fraction * p / multiply_add(u * doubles<A>(2.50663256645f), p, q);
        },
        v, n, widened<A>(f)));
    return rounded<A>(narrowed<A>(n), 1.0f).times_any_power(front);
}

/// erfc(-x / sqrt 2) / 2, the normal distribution function, to 1.2 ulp, and below the normal numbers like erfc.
template <class A>
XGRAD_INLINE floats<A> normal_cdf(floats<A> x) {
    const floats<A> tail = normal_tail<A>(floats<A>(1.0f), held_below<A>(xsimd::abs(x), 14.4f));
    return xsimd::select(x > floats<A>(0.0f), floats<A>(1.0f) - tail, tail);
}

}  // namespace xgrad::kernel::math
