// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/math/error_function.hpp>

namespace xgrad::kernel::math {

/// e^-|x| as e^r and a power of two, so that what is multiplied by it can be brought below the normal numbers last.
template <class A>
struct split_decay {
    reduced_exponential<A> e;
    floats<A> front, whole;

    explicit XGRAD_INLINE split_decay(floats<A> x) : e(clamped<A>(-xsimd::abs(x), -120.0f, 0.0f)), front(e.fine_exp()), whole(e.n.times_any_power(front)) {}
};

/// x sigmoid(x) to 3 ulp, also where the sigmoid is below the normal numbers and the product is not.
template <class A>
XGRAD_INLINE floats<A> silu(floats<A> x) {
    const split_decay<A> d(x);
    const auto negative = x < floats<A>(0.0f);
    const floats<A> held = clamped<A>(x, -120.0f, std::numeric_limits<float>::infinity());
    const floats<A> quotient = held * xsimd::select(negative, d.front, floats<A>(1.0f)) / (d.whole + floats<A>(1.0f));
    return xsimd::select(negative, d.e.n.times_any_power(quotient), quotient);
}

/// x tanh(softplus x) to 3 ulp: with e = e^-|x| the factor is 1 - 2 e^2 / (1 + 2 e + 2 e^2) above 0 and e (1 - e (1 + e) / (2 + 2 e + e^2)) below.
template <class A>
XGRAD_INLINE floats<A> mish(floats<A> x) {
    const split_decay<A> d(x);
    const auto negative = x < floats<A>(0.0f);
    const floats<A> one(1.0f), two(2.0f), e = d.whole;
    const floats<A> loss = e * xsimd::select(negative, e + one, e + e);
    const floats<A> divisor = xsimd::select(negative, multiply_add(e, e + two, two), multiply_add(e + e, e, multiply_add(two, e, one)));
    const floats<A> most = clamped<A>(x, -120.0f, std::numeric_limits<float>::infinity()) * xsimd::select(negative, d.front, one);
    // Far above 0 nothing is lost, also of infinity.
    const floats<A> product = most - xsimd::select(e == floats<A>(0.0f), e, most) * (loss / divisor);
    return xsimd::select(negative, d.e.n.times_any_power(product), product);
}

/// x - tanh x to 1.1 ulp: near 0, where they cancel, a polynomial in double; beyond it (|x| - 1) + 2 / (e^(2 |x|) + 1), a sum of two positive numbers.
template <class A>
XGRAD_INLINE floats<A> tanhshrink(floats<A> x) {
    const floats<A> size = xsimd::abs(x), one(1.0f);
    const floats<A> near = narrowed<A>(in_double<A>(
        [](doubles<A> v) {
            // Minimax up to 1.25: relative error below 1.5e-9
            const doubles<A> square = v * v;
            return v * square * polynomial<A>(square, 0.333333332853, -0.133333271667, 0.0539669300084, -0.0218583064317, 0.008814403542, -0.00346646118257, 0.00125086847181,
                                              -0.000368267833815, 7.3795041759e-5, -7.17908631297e-6);
        },
        widened<A>(clamped<A>(size, 0.0f, 2.0f))));
    const reduced_exponential<A> e(clamped<A>(size + size, 0.0f, 60.0f));
    const floats<A> far = (size - one) + floats<A>(2.0f) / (e.n.times_power(e.fine_exp()) + one);
    return with_sign_of<A>(xsimd::select(size < floats<A>(1.25f), near, far), x);
}

/// log(cosh x) to 2 ulp: below 1 a polynomial in x^2, minimax to 6.8e-9; above |x| - log 2 + log1p(e^(-2 |x|)), of which the last is at most 0.13
/// and a polynomial too, minimax to 3e-10.
template <class A>
XGRAD_INLINE floats<A> log_cosh(floats<A> x) {
    const floats<A> size = xsimd::abs(x), one(1.0f);
    const auto small = size < one;
    const floats<A> square = xsimd::select(small, size * size, one);  // no overflow in what is not chosen
    const floats<A> tail = polynomial<A>(square, -0.0833329925f, 0.0222165752f, -0.00671043893f, 0.00207734892f, -0.000556227351f, 8.65715098e-5f);
    const floats<A> near = multiply_add(square * square, tail, square * floats<A>(0.5f));
    const floats<A> rest = decay<A>(size + size);
    const floats<A> far = multiply_add(rest, polynomial<A>(rest, 1.0f, -0.49999984f, 0.333319343f, -0.249549424f, 0.19334147f, -0.119609904f), size - floats<A>(0.693147181f));
    return xsimd::select(small, near, far);
}

/// The normal distribution function at -x, for x from 0, is numerator e^(-x^2 / 2) / denominator, as in normal_tail.
template <class A>
struct normal_quotient {
    floats<A> numerator, divisor;

    explicit XGRAD_INLINE normal_quotient(floats<A> x)
        : numerator(polynomial<A>(x, 57.2450949553f, 52.7941268941f, 22.9428584786f, 5.32157470459f, 0.57239492996f)),
          divisor(denominator<A>(x, 2.50663256645f, numerator, polynomial<A>(x, 114.490188599f, 53.4458885763f, 13.4379178493f, 1.43058185367f))) {}
};

/// x Phi(x) to 4 ulp, also where Phi is below the normal numbers and the product is not.
template <class A>
XGRAD_INLINE floats<A> gelu(floats<A> x) {
    const floats<A> size = held_below<A>(xsimd::abs(x), 14.5f), factor = xsimd::select(x < floats<A>(0.0f), -size, floats<A>(1.0f));
    floats<A> tail;
    if constexpr (fuses<A>) {
        const normal_quotient<A> q(size);
        const floats<A> product = factor * q.numerator;
        tail = times_gaussian<2, A>(product, q.divisor, size, multiply_subtract(factor, q.numerator, product));
    } else {
        tail = normal_tail<A>(factor, size);  // products that are rounded by themselves would make more than 4 ulp
    }
    return xsimd::select(x < floats<A>(0.0f), tail, x - size * tail);
}

/// Phi(x) + x e^(-x^2 / 2) / sqrt(2 pi), the derivative of gelu, with one exponential.
template <class A>
XGRAD_INLINE floats<A> gelu_slope(floats<A> x) {
    const floats<A> size = held_below<A>(xsimd::abs(x), 14.5f);
    const normal_quotient<A> q(size);
    const floats<A> tail = times_gaussian<2, A>(multiply_add(size * floats<A>(-0.398942280f), q.divisor, q.numerator), q.divisor, size);
    return xsimd::select(x > floats<A>(0.0f), floats<A>(1.0f) - tail, tail);
}

}  // namespace xgrad::kernel::math
