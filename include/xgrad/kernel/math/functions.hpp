// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/math/activation.hpp>
#include <xgrad/kernel/math/double_error_function.hpp>
#include <xgrad/kernel/math/double_logarithm.hpp>
#include <xgrad/kernel/math/double_power.hpp>
#include <xgrad/kernel/math/double_sine.hpp>
#include <xgrad/kernel/math/error_function.hpp>
#include <xgrad/kernel/math/exponential.hpp>
#include <xgrad/kernel/math/log_normal_cdf.hpp>
#include <xgrad/kernel/math/logarithm.hpp>
#include <xgrad/kernel/math/power.hpp>
#include <xgrad/kernel/math/random.hpp>
#include <xgrad/kernel/math/sine.hpp>
#include <xgrad/ops/lanes.hpp>

namespace xgrad::lanes {

/// Vectors of float have functions of our own: faster than xsimd's, and right where those flush to zero or overflow early.
template <class A>
struct functions<xsimd::batch<float, A>> {
    static constexpr bool exist = true;
    using V = xsimd::batch<float, A>;

    static XGRAD_INLINE V rounded(V x) { return kernel::math::kept_apart(x); }
    static XGRAD_INLINE V multiply_add(V a, V b, V c) { return kernel::math::multiply_add(a, b, c); }
    static XGRAD_INLINE V larger(V a, V b) { return kernel::math::larger<A>(a, b); }
    static XGRAD_INLINE V exp(V x) { return kernel::math::exp<A>(x); }
    static XGRAD_INLINE V expm1(V x) { return kernel::math::expm1<A>(x); }
    static XGRAD_INLINE V log(V x) { return kernel::math::log<A>(x); }
    static XGRAD_INLINE V log1p(V x) { return kernel::math::log1p<A>(x); }
    static XGRAD_INLINE V log1mexp(V x) { return kernel::math::log1mexp<A>(x); }
    static XGRAD_INLINE V tanh(V x) { return kernel::math::tanh<A>(x); }
    static XGRAD_INLINE V erf(V x) { return kernel::math::erf<A>(x); }
    static XGRAD_INLINE V erfc(V x) { return kernel::math::erfc<A>(x); }
    static XGRAD_INLINE V normal_cdf(V x) { return kernel::math::normal_cdf<A>(x); }
    static XGRAD_INLINE V log_normal_cdf(V x) { return kernel::math::log_normal_cdf<A>(x); }
    static XGRAD_INLINE V inverse_mills(V x) { return kernel::math::inverse_mills<A>(x); }
    static XGRAD_INLINE V random_bits(V a, V b, V i) { return kernel::math::random_bits<A>(a, b, i); }
    static XGRAD_INLINE V sin(V x) { return kernel::math::sin<A>(x); }
    static XGRAD_INLINE V cos(V x) { return kernel::math::cos<A>(x); }
    static XGRAD_INLINE V pow(V x, V y) { return kernel::math::pow<A>(x, y); }
    static XGRAD_INLINE V decay(V x) { return kernel::math::decay<A>(x); }
    static XGRAD_INLINE V silu(V x) { return kernel::math::silu<A>(x); }
    static XGRAD_INLINE V mish(V x) { return kernel::math::mish<A>(x); }
    static XGRAD_INLINE V gelu(V x) { return kernel::math::gelu<A>(x); }
    static XGRAD_INLINE V gelu_slope(V x) { return kernel::math::gelu_slope<A>(x); }
    static XGRAD_INLINE V log_cosh(V x) { return kernel::math::log_cosh<A>(x); }
    static XGRAD_INLINE V tanhshrink(V x) { return kernel::math::tanhshrink<A>(x); }
};

/// Vectors of double too, where xsimd has none that is accurate, or goes lane by lane.
template <class A>
struct functions<xsimd::batch<double, A>> {
    static constexpr bool exist = true;
    using V = xsimd::batch<double, A>;
    /// Two lanes that round a product before they add to it are no faster at the longest of these than the standard library.
    static constexpr bool worth_it = V::size > 2 || kernel::math::fuses<A>;

    static XGRAD_INLINE V rounded(V x) { return kernel::math::kept_apart(x); }
    static XGRAD_INLINE V multiply_add(V a, V b, V c) { return kernel::math::multiply_add(a, b, c); }
    static XGRAD_INLINE V larger(V a, V b) { return xsimd::select(a > b, a, xsimd::select(a == a, b, a)); }
    static XGRAD_INLINE V exp(V x) { return kernel::math::exp<A>(x); }
    static XGRAD_INLINE V expm1(V x) { return kernel::math::expm1<A>(x); }
    static XGRAD_INLINE V log(V x) { return kernel::math::log<A>(x); }
    static XGRAD_INLINE V log1p(V x) { return kernel::math::log1p<A>(x); }
    static XGRAD_INLINE V log1mexp(V x) {
        if constexpr (worth_it) return kernel::math::log1mexp<A>(x);
        return kernel::math::one_by_one(x, [](double v) { return lanes::log1mexp(v); });
    }
    static XGRAD_INLINE V tanh(V x) { return kernel::math::tanh<A>(x); }
    static XGRAD_INLINE V erf(V x) {
        if constexpr (worth_it) return kernel::math::erf<A>(x);
        return kernel::math::one_by_one(x, [](double v) { return std::erf(v); });
    }
    static XGRAD_INLINE V erfc(V x) { return kernel::math::erfc<A>(x); }
    static XGRAD_INLINE V normal_cdf(V x) { return kernel::math::normal_cdf<A>(x); }
    static XGRAD_INLINE V log_normal_cdf(V x) { return kernel::math::log_normal_cdf<A>(x); }
    static XGRAD_INLINE V inverse_mills(V x) { return kernel::math::inverse_mills<A>(x); }
    static XGRAD_INLINE V random_bits(V a, V b, V i) { return kernel::math::random_bits<A>(a, b, i); }
    static XGRAD_INLINE V sin(V x) { return kernel::math::sin<A>(x); }
    static XGRAD_INLINE V cos(V x) { return kernel::math::cos<A>(x); }
    static XGRAD_INLINE V pow(V x, V y) {
        if constexpr (kernel::math::fuses<A>) return kernel::math::pow<A>(x, y);
        return kernel::math::one_by_one(x, [](double v, double w) { return std::pow(v, w); }, y);
    }
};

}  // namespace xgrad::lanes
