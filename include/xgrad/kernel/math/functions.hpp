// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/math/exponential.hpp>
#include <xgrad/kernel/math/logarithm.hpp>
#include <xgrad/ops/lanes.hpp>

namespace xgrad::lanes {

/// Vectors of float have functions of our own: faster than xsimd's, and right where those flush to zero or overflow early.
/// Vectors of double use xsimd's.
template <class A>
struct functions<xsimd::batch<float, A>> {
    static constexpr bool exist = true;
    using V = xsimd::batch<float, A>;

    static XGRAD_INLINE V larger(V a, V b) { return kernel::math::larger<A>(a, b); }
    static XGRAD_INLINE V exp(V x) { return kernel::math::exp<A>(x); }
    static XGRAD_INLINE V expm1(V x) { return kernel::math::expm1<A>(x); }
    static XGRAD_INLINE V log(V x) { return kernel::math::log<A>(x); }
    static XGRAD_INLINE V log1p(V x) { return kernel::math::log1p<A>(x); }
    static XGRAD_INLINE V tanh(V x) { return kernel::math::tanh<A>(x); }
};

}  // namespace xgrad::lanes
