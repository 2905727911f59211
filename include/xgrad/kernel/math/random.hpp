// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/math/bits.hpp>
#include <xgrad/ops/random.hpp>

namespace xgrad::kernel::math {

/// lanes::random_bits_of, lane by lane: numbers below 2^24 are exact in float, and the integers behind them have 32 bits.
template <class A>
XGRAD_INLINE floats<A> random_bits(floats<A> a, floats<A> b, floats<A> i) {
    using I = integers<A>;
    // (Shifts of signed lanes repeat the sign: what they bring in is masked.)
    const auto shifted = [](I x, int n, std::int32_t kept) XGRAD_LAMBDA_INLINE { return (x >> n) & I(kept); };
    const I spread(static_cast<std::int32_t>(0x9e3779b1u)), state = xsimd::to_int(a), other = xsimd::to_int(b);
    I h = xsimd::to_int(i) * spread ^ ((state << 8) ^ other);
    h = (h ^ shifted(h, 16, 0xffff)) * I(0x7feb352d) + (other * spread + state);
    h = (h ^ shifted(h, 15, 0x1ffff)) * I(static_cast<std::int32_t>(0x846ca68bu));
    return xsimd::to_float(shifted(h, 8, 0xffffff));
}

/// Of double: one by one.
template <class A>
XGRAD_INLINE xsimd::batch<double, A> random_bits(xsimd::batch<double, A> a, xsimd::batch<double, A> b, xsimd::batch<double, A> i) {
    using V = xsimd::batch<double, A>;
    alignas(64) double x[V::size], y[V::size], z[V::size];
    a.store_aligned(x);
    b.store_aligned(y);
    i.store_aligned(z);
    for (std::size_t k = 0; k < V::size; ++k) x[k] = xgrad::lanes::random_bits(x[k], y[k], z[k]);
    return V::load_aligned(x);
}

}  // namespace xgrad::kernel::math
