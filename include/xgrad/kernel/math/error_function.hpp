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

/// f e^(-x^2 / Share) for x^2 / Share from 0 to 105 and f from 0.02 to 1.
template <int Share, class A>
XGRAD_INLINE floats<A> times_gaussian(floats<A> f, floats<A> x) {
    // The square in two parts, since a rounding error of it is multiplied by it: the first is exact, of twelve bits of x.
    const floats<A> front = from_bits<A>(bits_of<A>(x) & integers<A>(-4096));
    const reduced_exponential<A> e(front * (front * floats<A>(-1.0f / Share)), (front - x) * ((front + x) * floats<A>(1.0f / Share)));
    const floats<A> result = multiply_add(f, e.expm1(), f);
    if constexpr (scales_in_one<A>) return e.n.times_any_power(result);
    // By 2^(n + 63), which is a normal number, and back: only the last product may round.
    return result * e.n.times_power(floats<A>(0x1p63f)) * floats<A>(0x1p-63f);
}

/// erfc x to 4 ulp, also far out where erf x rounds to 1; results below the normal numbers to two of their units.
template <class A>
XGRAD_INLINE floats<A> erfc(floats<A> x) {
    const floats<A> size = clamped<A>(xsimd::abs(x), 0.0f, 10.2f), one(1.0f);
    // (x + 1) e^(x^2) erfc x, minimax in (x - 1) / (x + 1): relative error below 7e-9, none at 0.
    const floats<A> inverse = one / (size + one), q = (size - one) * inverse;
    const floats<A> scaled = polynomial<A>(q, 0.855167150497f, -0.237680837512f, -0.0955563336611f, 0.0139065627009f, 0.0253948681056f, 0.00956797879189f,
                                           -0.00121989811305f, -0.00375884235837f, -0.00236088037491f, -0.000354390969733f, 0.000590681680478f, 0.000420468568336f,
                                           8.53490419104e-05f);
    const floats<A> tail = times_gaussian<1, A>(scaled * inverse, size);
    return xsimd::select(x < floats<A>(0.0f), floats<A>(2.0f) - tail, tail);
}

/// f erfc(x / sqrt 2) / 2 for x from 0 to 14.5, in double: its six roundings make 3 ulp in float.
template <class A>
XGRAD_INLINE floats<A> normal_tail(floats<A> f, floats<A> x) {
    const wide<A> v = widened<A>(x);
    auto power = [](doubles<A> u) { return u * u * doubles<A>(-0.72134752044448170); };  // -x^2 / 2 in powers of two
    const wide<A> n = in_double<A>([&](doubles<A> u) { return nearest<A>(power(u)); }, v);
    const floats<A> front = narrowed<A>(in_double<A>(
        [&](doubles<A> u, doubles<A> whole, doubles<A> factor) {
            // As in erfc. The shift is near sqrt 2, and such that the result is exactly 1/2 at 0.
            const doubles<A> shift(1.41796875), inverse = doubles<A>(1.0) / (u + shift), q = (u - shift) * inverse, r = power(u) - whole;
            const doubles<A> scaled = polynomial<A>(q, 0.605273008347, -0.169270217419, -0.0671709030867, 0.0102108921856, 0.0179736185819, 0.00664259307086,
                                                    -0.000948624743614, -0.00265587680042, -0.00163086585235, -0.000242873255047, 0.000407830346376, 0.000299217936117,
                                                    6.40454381937e-05);
            const doubles<A> fraction = polynomial<A>(r, 1.0, 0.693147206248, 0.240226513459, 0.0555032779122, 0.00961800389198, 0.00134002696491, 0.000154762996781);
            return scaled * inverse * fraction * factor;
        },
        v, n, widened<A>(f)));
    return rounded<A>(narrowed<A>(n), 1.0f).times_any_power(front);
}

/// erfc(-x / sqrt 2) / 2, the normal distribution function, to 1 ulp, and below the normal numbers like erfc.
template <class A>
XGRAD_INLINE floats<A> normal_cdf(floats<A> x) {
    const floats<A> tail = normal_tail<A>(floats<A>(1.0f), clamped<A>(xsimd::abs(x), 0.0f, 14.4f));
    return xsimd::select(x > floats<A>(0.0f), floats<A>(1.0f) - tail, tail);
}

}  // namespace xgrad::kernel::math
