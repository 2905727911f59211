// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/math/double_error_function.hpp>
#include <xgrad/kernel/math/double_logarithm.hpp>
#include <xgrad/kernel/math/error_function.hpp>
#include <xgrad/kernel/math/logarithm.hpp>
#include <xgrad/ops/lanes.hpp>

namespace xgrad::kernel::math {

/// The density of a normal number over normal_cdf(-x), for x from 0.
template <class A>
XGRAD_INLINE floats<A> inverse_mills_of_tail(floats<A> x) {
    const floats<A> near = narrowed<A>(in_double<A>(
        [](doubles<A> u) {
            const normal_tail_parts<doubles<A>> parts(u);
            return multiply_add(u, doubles<A>(parts.slope), parts.q / parts.p) * doubles<A>(xgrad::lanes::detail::normal_height);
        },
        widened<A>(x)));
    return xsimd::select(x < floats<A>(14.0f), near, x / xgrad::lanes::detail::far_mills(x));
}

/// log(normal_cdf(x)): of the tail itself while it is a normal number; further out normal_cdf(-x) is e^(-x^2 / 2) / (sqrt(2 pi) inverse_mills(-x)).
template <class A>
XGRAD_INLINE floats<A> log_normal_cdf(floats<A> x) {
    const floats<A> size = xsimd::abs(x), tail = normal_tail<A>(floats<A>(1.0f), held_below<A>(size, 14.4f));
    const auto near = size < floats<A>(5.0f);
    const floats<A> part = log<A>(xsimd::select(near, tail, floats<A>(2.50662827f) * inverse_mills_of_tail<A>(size)));
    const floats<A> left = xsimd::select(near, part, multiply_subtract(floats<A>(-0.5f) * size, size, part));
    return xsimd::select(x > floats<A>(0.0f), log1p<A>(floats<A>(-1.0f) * tail), left);
}

template <class A>
XGRAD_INLINE floats<A> inverse_mills(floats<A> x) {
    const floats<A> size = xsimd::abs(x), held = held_below<A>(size, 14.4f);
    const floats<A> right = times_gaussian<2, A>(floats<A>(0.39894228f), floats<A>(1.0f) - normal_tail<A>(floats<A>(1.0f), held), held);
    return xsimd::select(x > floats<A>(0.0f), right, inverse_mills_of_tail<A>(size));
}

/// log(normal_cdf(x)) to 3 ulp.
template <class A>
XGRAD_INLINE doubles<A> log_normal_cdf(doubles<A> x) {
    const doubles<A> size = xsimd::abs(x), far = doubles<A>(xgrad::lanes::detail::normal_height) * xgrad::lanes::detail::far_mills(size) / size;
    const beside_gaussian<normal_cdf_tail, A> near(size);
    const doubles<A> left = multiply_add(doubles<A>(-0.5) * size, size, log<A>(xsimd::select(size < doubles<A>(38.0), near.product + near.rest, far)));
    return xsimd::select(x > doubles<A>(0.0), log1p<A>(doubles<A>(-1.0) * gaussian_tail<normal_cdf_tail, A>(size)), left);
}

/// The density of a normal number over normal_cdf(x), to 4 ulp.
template <class A>
XGRAD_INLINE doubles<A> inverse_mills(doubles<A> x) {
    const doubles<A> size = xsimd::abs(x), one(1.0), height(xgrad::lanes::detail::normal_height);
    const beside_gaussian<normal_cdf_tail, A> near(size);
    const doubles<A> left = xsimd::select(size < doubles<A>(38.0), height / (near.product + near.rest), size / xgrad::lanes::detail::far_mills(size));
    const reduced_gaussian<2, A> e(xsimd::min(doubles<A>(normal_cdf_tail::most), size));
    const doubles<A> density = e.scaled_back(multiply_add(height * e.r, multiply_add(e.r, exponential_tail<A>(e.r), one), height));
    return xsimd::select(x > doubles<A>(0.0), density / (one - gaussian_tail<normal_cdf_tail, A>(size)), left);
}

}  // namespace xgrad::kernel::math
