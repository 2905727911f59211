// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/math/double_exponential.hpp>

#include <cmath>

namespace xgrad::kernel::math {

/// x = n pi / 2 + r + rest with |r| <= pi / 4, for |x| up to `most`: the rest is what rounding lost of r.
template <class A>
struct reduced_double_angle {
    static constexpr double most = 2097152.0;  ///< n has 21 bits
    doubles<A> r, rest;
    long_integers<A> quarter;  ///< n, in its last bits

    explicit XGRAD_INLINE reduced_double_angle(doubles<A> x) {
        const doubles<A> shift(6755399441055744.0);  // 1.5 * 2^52: sums with it have integers as their last bits
        const doubles<A> shifted = multiply_add(x, doubles<A>(0.63661977236758138), shift), n = shifted - shift;
        quarter = bits_of<A>(shifted);
        // pi / 2 in four parts. n times each of the first three is exact; and where a difference cancels, so is that.
        const doubles<A> second(-0x1.0b4611a6p-34), third(-0x1.3198a2ep-69);
        const doubles<A> a = multiply_add(n, doubles<A>(-0x1.921fb544p+0), x), b = multiply_add(n, second, a);
        r = multiply_add(n, third, b);
        rest = multiply_add(n, second, a - b) + multiply_add(n, third, b - r);
        rest = multiply_add(n, doubles<A>(-0x1.b839a252049c1p-104), rest);
    }
    /// sin x by the sine or the cosine of r, or, a quarter further, cos x.
    XGRAD_INLINE doubles<A> sine(int quarters_more) const {
        const long_integers<A> q = quarter + long_integers<A>(quarters_more), is_odd = long_integers<A>(0) - (q & long_integers<A>(1));
        const doubles<A> square = r * r, one(1.0), half = square * doubles<A>(0.5), less = one - half;
        // Minimax on [-pi / 4, pi / 4]: relative errors below 2^-56.
        const doubles<A> odd = polynomial<A>(square, -0.1666666666666663, 0.00833333333332212, -0.00019841269829590273, 2.7557313621621625e-06, -2.5050747796782254e-08,
                                             1.5896231952098424e-10);
        const doubles<A> even = polynomial<A>(square, 0.041666666666666595, -0.0013888888888873058, 2.4801587288852337e-05, -2.7557314179444987e-07, 2.087570085830847e-09,
                                              -1.1358537198027777e-11);
        const doubles<A> of_sine = r + multiply_add(r * square, odd, multiply_add(half, -rest, rest));
        const doubles<A> of_cosine = less + multiply_add(square * square, even, multiply_add(r, -rest, (one - less) - half));
        const long_integers<A> size = (bits_of<A>(of_cosine) & is_odd) | (bits_of<A>(of_sine) & ~is_odd);
        return from_bits<A>(size ^ ((q << 62) & long_integers<A>(INT64_MIN)));
    }
};

/// sin x to 1 ulp.
///
/// Limits      beyond 2 million, at infinity and NaN by the standard library, in those lanes alone
/// Method      x less a multiple of pi / 2, to twice the digits; then a polynomial
template <class A>
XGRAD_INLINE doubles<A> sin(doubles<A> x) {
    const doubles<A> result = xsimd::select(x == doubles<A>(0.0), x, reduced_double_angle<A>(x).sine(0));  // -0 stays
    const auto ordinary = xsimd::abs(x) < doubles<A>(reduced_double_angle<A>::most);
    if (in_all_lanes<A>(ordinary)) [[likely]]
        return result;
    return patched<A>(result, x, ordinary, [](double v) { return std::sin(v); });
}
/// cos x to 1 ulp: the sine a quarter further.
template <class A>
XGRAD_INLINE doubles<A> cos(doubles<A> x) {
    const doubles<A> result = reduced_double_angle<A>(x).sine(1);
    const auto ordinary = xsimd::abs(x) < doubles<A>(reduced_double_angle<A>::most);
    if (in_all_lanes<A>(ordinary)) [[likely]]
        return result;
    return patched<A>(result, x, ordinary, [](double v) { return std::cos(v); });
}

}  // namespace xgrad::kernel::math
