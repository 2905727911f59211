// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/math/exponential.hpp>

#include <cmath>

namespace xgrad::kernel::math {

/// u = 2^k m with m from sqrt(1/2) to sqrt(2), for normal u below sqrt(1/2) 2^127.
template <class A>
struct reduced_logarithm {
    floats<A> k_shifted;  ///< k 2^23
    floats<A> power;      ///< 2^-k

    explicit XGRAD_INLINE reduced_logarithm(floats<A> u) {
        const integers<A> k = (bits_of<A>(u) - integers<A>(0x3f3504f3)) & integers<A>(static_cast<std::int32_t>(0xff800000u));
        k_shifted = xsimd::to_float(k);
        power = from_bits<A>(integers<A>(0x3f800000) - k);
    }
    /// log u, given f = m - 1.
    XGRAD_INLINE floats<A> finished(floats<A> f) const {
        // (log(1 + f) - f + f^2 / 2) / f^3, minimax; relative error of log(1 + f) below 6e-9
        constexpr float unshifted = 1.0f / 8388608.0f;
        const floats<A> square = f * f;
        floats<A> rest = f * square * polynomial<A>(f, 0.333333317226f, -0.25000820967f, 0.20001225602f, -0.166233584412f, 0.142017872989f, -0.131602047328f,
                                                    0.127613868048f, -0.0763419769393f);
        rest = multiply_add(k_shifted, floats<A>(-2.12194440e-4f * unshifted), rest);
        rest = multiply_add(square, floats<A>(-0.5f), rest);
        return multiply_add(k_shifted, floats<A>(0.693359375f * unshifted), f + rest);
    }
};

/// log x to 1 ulp, also of subnormal x.
template <class A>
XGRAD_INLINE floats<A> log(floats<A> x) {
    const reduced_logarithm<A> l(x);
    const floats<A> result = l.finished(multiply_add(x, l.power, floats<A>(-1.0f)));
    const auto ordinary = (x >= floats<A>(1.17549435e-38f)) & (x < floats<A>(1.2e38f));
    if (in_all_lanes<A>(ordinary)) [[likely]]
        return result;
    return patched<A>(result, x, ordinary, [](float v) { return std::log(v); });
}

/// log(1 + x) to 1 ulp: where 1 + x rounds, x itself is scaled.
template <class A>
XGRAD_INLINE floats<A> log1p(floats<A> x) {
    const floats<A> u = x + floats<A>(1.0f);
    const reduced_logarithm<A> l(u);
    const floats<A> result = with_sign_of<A>(l.finished(multiply_add(x, l.power, l.power - floats<A>(1.0f))), x);
    const auto ordinary = (u >= floats<A>(1.17549435e-38f)) & (u < floats<A>(1.2e38f));
    if (in_all_lanes<A>(ordinary)) [[likely]]
        return result;
    return patched<A>(result, x, ordinary, [](float v) { return std::log1p(v); });
}

/// log(1 - e^x) to 2 ulp for x below 0. Near 0, 1 - e^x is made of the digits of e^x - 1; below -log 2, e^x is what log1p scales: an error of
/// e^x counts up to 1.44 times, so it is the finer e^-|x|.
template <class A>
XGRAD_INLINE floats<A> log1mexp(floats<A> x) {
    const reduced_exponential<A> e(clamped<A>(x, -1.0f, 0.0f));
    const floats<A> scale = e.n.times_power(floats<A>(1.0f)), one(1.0f), far = decay<A>(x);
    const auto near = x > floats<A>(-0.693147181f);
    const floats<A> u = xsimd::select(near, multiply_add(-e.expm1(), scale, one - scale), one - far);
    const reduced_logarithm<A> l(u);
    const floats<A> f = xsimd::select(near, multiply_add(u, l.power, -one), multiply_add(-far, l.power, l.power - one));
    const floats<A> result = l.finished(f);
    const auto ordinary = u >= floats<A>(1.17549435e-38f);
    if (in_all_lanes<A>(ordinary)) [[likely]]
        return result;
    return patched<A>(result, x, ordinary, [](float v) { return v > -0.693147181f ? std::log(-std::expm1(v)) : std::log1p(-std::exp(v)); });
}

}  // namespace xgrad::kernel::math
