// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/math/double_error_function.hpp>
#include <xgrad/kernel/math/double_logarithm.hpp>
#include <xgrad/kernel/math/wide.hpp>
#include <xgrad/ops/lanes.hpp>

namespace xgrad::kernel::math {

/// log(normal_cdf(x)) to 2.5 ulp, 3.4 without a fused multiply-add.
template <class A>
XGRAD_INLINE doubles<A> log_normal_cdf(doubles<A> x) {
    const doubles<A> size = xsimd::abs(x), far = doubles<A>(xgrad::lanes::detail::normal_height) * xgrad::lanes::detail::far_mills(size) / size;
    const beside_gaussian<normal_cdf_tail, A> near(size);
    const doubles<A> left = multiply_add(doubles<A>(-0.5) * size, size, log<A>(xsimd::select(size < doubles<A>(38.0), near.product + near.rest, far)));
    return xsimd::select(x > doubles<A>(0.0), log1p<A>(doubles<A>(-1.0) * gaussian_tail<normal_cdf_tail, A>(size)), left);
}

/// The density of a normal number over normal_cdf(x), to 3.2 ulp, 4.1 without a fused multiply-add.
template <class A>
XGRAD_INLINE doubles<A> inverse_mills(doubles<A> x) {
    const doubles<A> size = xsimd::abs(x), one(1.0), height(xgrad::lanes::detail::normal_height);
    const beside_gaussian<normal_cdf_tail, A> near(size);
    const doubles<A> left = xsimd::select(size < doubles<A>(38.0), height / (near.product + near.rest), size / xgrad::lanes::detail::far_mills(size));
    const reduced_gaussian<2, A> e(xsimd::min(doubles<A>(normal_cdf_tail::most), size));
    const doubles<A> density = e.scaled_back(multiply_add(height * e.r, multiply_add(e.r, exponential_tail<A>(e.r), one), height));
    return xsimd::select(x > doubles<A>(0.0), density / (one - gaussian_tail<normal_cdf_tail, A>(size)), left);
}

/// Of float both in double: as floats they are right to half a unit.
template <class A>
XGRAD_INLINE floats<A> log_normal_cdf(floats<A> x) {
    return narrowed<A>(in_double<A>([](doubles<A> u) { return log_normal_cdf<A>(u); }, widened<A>(x)));
}
template <class A>
XGRAD_INLINE floats<A> inverse_mills(floats<A> x) {
    return narrowed<A>(in_double<A>([](doubles<A> u) { return inverse_mills<A>(u); }, widened<A>(x)));
}

}  // namespace xgrad::kernel::math
