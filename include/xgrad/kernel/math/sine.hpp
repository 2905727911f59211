// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/math/wide.hpp>

#include <cmath>

namespace xgrad::kernel::math {

/// x = n pi / 2 + r with |r| <= pi / 4, in double, for |x| up to `most`; n modulo 4.
template <class A>
struct reduced_angle {
    static constexpr float most = 4194304.0f;
    floats<A> r, quarter;

    explicit XGRAD_INLINE reduced_angle(floats<A> x) {
        const wide<A> v = widened<A>(xsimd::select(xsimd::abs(x) < floats<A>(most), x, floats<A>(0.0f)));
        const wide<A> n = in_double<A>([](doubles<A> a) { return nearest<A>(a * doubles<A>(0.63661977236758134)); }, v);
        r = narrowed<A>(in_double<A>(
            [](doubles<A> a, doubles<A> k) {
                // pi / 2 in two parts, the first with so few bits that n times it is exact.
                return multiply_add(k, doubles<A>(-9.920935796805404e-10), multiply_add(k, doubles<A>(-1.570796325802803), a));
            },
            v, n));
        quarter = narrowed<A>(in_double<A>([](doubles<A> k) { return k - doubles<A>(4.0) * nearest<A>(k * doubles<A>(0.25) - doubles<A>(0.375)); }, n));
    }
    /// Minimax on [-pi / 4, pi / 4]: relative errors below 4e-9.
    XGRAD_INLINE floats<A> sine() const {
        const floats<A> square = r * r;
        return multiply_add(r * square, polynomial<A>(square, -0.166666545731f, 0.00833215840955f, -0.000195149576202f), r);
    }
    XGRAD_INLINE floats<A> cosine() const {
        const floats<A> square = r * r;
        return multiply_add(square, multiply_add(square, polynomial<A>(square, 0.0416666456188f, -0.00138873130641f, 2.44327852347e-5f), floats<A>(-0.5f)), floats<A>(1.0f));
    }
    XGRAD_INLINE floats<A> sine_of_angle() const {
        const floats<A> size = xsimd::select(is_odd(), cosine(), sine());
        return xsimd::select(quarter >= floats<A>(2.0f), -size, size);
    }
    XGRAD_INLINE floats<A> cosine_of_angle() const {
        const floats<A> size = xsimd::select(is_odd(), sine(), cosine());
        return xsimd::select((quarter == floats<A>(1.0f)) | (quarter == floats<A>(2.0f)), -size, size);
    }

private:
    XGRAD_INLINE auto is_odd() const { return (quarter == floats<A>(1.0f)) | (quarter == floats<A>(3.0f)); }
};

/// sin x to 1 ulp; beyond 4 million by the standard library.
template <class A>
XGRAD_INLINE floats<A> sin(floats<A> x) {
    const floats<A> result = xsimd::select(x == floats<A>(0.0f), x, reduced_angle<A>(x).sine_of_angle());  // -0 stays
    const auto ordinary = xsimd::abs(x) < floats<A>(reduced_angle<A>::most);
    if (in_all_lanes<A>(ordinary)) [[likely]]
        return result;
    return patched<A>(result, x, ordinary, [](float v) { return std::sin(v); });
}
/// cos x to 1 ulp; beyond 4 million by the standard library.
template <class A>
XGRAD_INLINE floats<A> cos(floats<A> x) {
    const floats<A> result = reduced_angle<A>(x).cosine_of_angle();
    const auto ordinary = xsimd::abs(x) < floats<A>(reduced_angle<A>::most);
    if (in_all_lanes<A>(ordinary)) [[likely]]
        return result;
    return patched<A>(result, x, ordinary, [](float v) { return std::cos(v); });
}

}  // namespace xgrad::kernel::math
