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
        const floats<A> low = xsimd::fma(r, floats<A>(0.166665386831f), floats<A>(0.499999980418f));
        const floats<A> high = xsimd::fma(r, floats<A>(0.00836718084123f), floats<A>(0.0416672211835f));
        const floats<A> square = r * r;
        return xsimd::fma(square, xsimd::fma(square, floats<A>(0.00138824025014f), high), low);
    }
    XGRAD_INLINE floats<A> exp() const { return xsimd::fma(tail(), r * r, r + floats<A>(1.0f)); }
    XGRAD_INLINE floats<A> expm1() const { return xsimd::fma(tail(), r * r, r); }

private:
    XGRAD_INLINE floats<A> less_powers(floats<A> x) const {
        return xsimd::fma(n.number, floats<A>(2.12194440e-4f), xsimd::fma(n.number, floats<A>(-0.693359375f), x));
    }
};

/// e^x to 1.1 ulp, also where the result is below the normal numbers; 0 and infinity where it must be.
template <class A>
XGRAD_INLINE floats<A> exp(floats<A> x) {
    if constexpr (!scales_in_one<A>) {
        const reduced_exponential<A> e(x);
        if (xsimd::all(xsimd::abs(x) < floats<A>(87.0f))) [[likely]]
            return e.n.times_power(e.exp());
    }
    const reduced_exponential<A> e(clamped<A>(x, -104.0f, 89.0f));
    return e.n.times_any_power(e.exp());
}

/// e^x - 1 to 1.6 ulp.
template <class A>
XGRAD_INLINE floats<A> expm1(floats<A> x) {
    const reduced_exponential<A> e(clamped<A>(x, -20.0f, 89.0f));
    // With half of 2^n, which is finite where 2^n is not.
    const floats<A> half = e.n.times_power(floats<A>(0.5f));
    const floats<A> result = xsimd::fma(e.expm1(), half, half - floats<A>(0.5f));
    return with_sign_of<A>(result + result, x);
}

/// tanh x to 2 ulp: with e = e^(2 |x|) - 1 it is e / (e + 2), in which errors of a large e vanish; near 0 a polynomial.
template <class A>
XGRAD_INLINE floats<A> tanh(floats<A> x) {
    const floats<A> size = xsimd::abs(x), square = x * x;
    const reduced_exponential<A> e(clamped<A>(size + size, 0.0f, 20.0f));
    const floats<A> power = e.n.times_power(floats<A>(1.0f));
    const floats<A> less_one = xsimd::fma(e.expm1(), power, power - floats<A>(1.0f));
    const floats<A> large = less_one / (floats<A>(2.0f) + less_one);
    const floats<A> tail = polynomial<A>(square, -0.333332480418f, 0.133291996224f, -0.0533394325026f, 0.018013915512f);
    const floats<A> small = xsimd::fma(size * square, tail, size);
    return with_sign_of<A>(xsimd::select(size < floats<A>(0.45f), small, large), x);
}

}  // namespace xgrad::kernel::math
