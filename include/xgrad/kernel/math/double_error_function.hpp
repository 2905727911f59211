// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/math/double_exponential.hpp>

#include <array>

namespace xgrad::kernel::math {

/// The polynomial of every fourth coefficient from the I-th on.
template <const auto& Coefficients, std::size_t I, class A>
XGRAD_INLINE doubles<A> every_fourth(doubles<A> fourth) {
    if constexpr (I + 4 < Coefficients.size()) return multiply_add(every_fourth<Coefficients, I + 4>(fourth), fourth, doubles<A>(Coefficients[I]));
    return doubles<A>(Coefficients[I]);
}
/// A long polynomial: four sums that do not wait for each other.
template <const auto& Coefficients, class A>
XGRAD_INLINE doubles<A> in_four_chains(doubles<A> x) {
    const doubles<A> square = x * x, fourth = square * square;
    const doubles<A> low = multiply_add(every_fourth<Coefficients, 1>(fourth), x, every_fourth<Coefficients, 0>(fourth));
    return multiply_add(multiply_add(every_fourth<Coefficients, 3>(fourth), x, every_fourth<Coefficients, 2>(fourth)), square, low);
}

/// x without the lower half of its digits: a product of two such numbers is exact.
template <class A>
XGRAD_INLINE doubles<A> front_half(doubles<A> x) {
    return from_bits<A>(bits_of<A>(x) & long_integers<A>(-(std::int64_t{1} << 27)));
}

/// 1 - s x, for s = 1 / x rounded.
template <class A>
XGRAD_INLINE doubles<A> remainder_of_quotient(doubles<A> s, doubles<A> x) {
    const doubles<A> one(1.0);
    if constexpr (fuses<A>) return multiply_add(-s, x, one);
    const doubles<A> front = front_half<A>(x), front_of_s = front_half<A>(s);
    return (one - front_of_s * front) - (front_of_s * (x - front) + (s - front_of_s) * x);
}

/// e^(-x^2 / Share) = 2^n e^r for x from 0 to 40. The square is taken in two parts, since a rounding error of it is multiplied by it.
template <int Share, class A>
struct reduced_gaussian {
    doubles<A> n, r;

    explicit XGRAD_INLINE reduced_gaussian(doubles<A> x) : n(nearest<A>(x * x * doubles<A>(-1.4426950408889634 / Share))) {
        doubles<A> head, rest;
        if constexpr (fuses<A>) {
            head = kept_apart(x * x);  // or a compiler would contract it with what is added, and count the rest twice
            rest = multiply_subtract(x, x, head);
        } else {
            const doubles<A> front = front_half<A>(x);
            head = front * front;
            rest = (x - front) * (x + front);
        }
        // log 2 in two parts, the first with so few bits that n times it is exact.
        const doubles<A> first = multiply_add(n, doubles<A>(Share * 0x1.62e42fee00000p-1), head);
        r = (first + multiply_add(n, doubles<A>(Share * 1.9082149292705877e-10), rest)) * doubles<A>(-1.0 / Share);
    }
    /// y 2^n for y from 2^-100 to 2; only results below the normal numbers are rounded.
    XGRAD_INLINE doubles<A> scaled_back(doubles<A> y) const {
#if defined(__AVX512F__)
        if constexpr (sizeof(y) == 64) return _mm512_scalef_pd(y, n);
#endif
        return y * power_of_two<A>(n + doubles<A>(128.0)) * doubles<A>(0x1p-128);  // n is from -1092, so that the power is a normal number
    }
};

/// What stands beside e^(-x^2 / share) in a tail: s (limit + s (first + u q(u))) with s = 1 / (x + shift), u = s - middle; a Chebyshev series, expanded.
/// That keeps its digits: where s is small, the limit counts most, and u is exact where it matters. `shift`, `limit` and `first` have zeros
/// in their last bits, so that differences with them are exact.
struct erfc_tail {
    static constexpr int share = 1;
    static constexpr double most = 27.5, shift = 4.0078125, limit = 0x1.20dd7504p-1, middle = 0.14062541537191464, first = 4.764021750779065;
    static constexpr double sensitivity = 56.6;  ///< an error of s counts 1 + sensitivity s^2 times
    static constexpr std::array series{34.713272633898455, 218.0136866796202, 1171.868889244505, 5310.229505227897, 19701.098607894706, 56283.04840074863,
                                       104378.16876373146, 23989.274483940815, -552808.5233413614, -1512138.140127331, 510262.20876510633, 11733983.93156935,
                                       14413771.928008793, -73279238.75140244, -193821233.50370702, 458036450.97681123, 1930109547.286798, -3083671193.6469293,
                                       -16291619357.999352, 17501931951.17216, 86264246976.47025};
};
struct normal_cdf_tail {
    static constexpr int share = 2;
    static constexpr double most = 38.9, shift = 5.3046875, limit = 0x1.9884533dp-2, middle = 0.10556727684283095, first = 4.38278539012695;
    static constexpr double sensitivity = 91.0;
    static constexpr std::array series{40.83508541466727, 321.65489689425186, 2116.6987897751724, 11343.661740788351, 46892.57693617242, 129487.4952257061,
                                       96744.49813152952, -1004545.0391288766, -4245769.42013272, 861815.0128000209, 56491973.31826025, 91394333.09599908,
                                       -670102710.2449832, -2090350133.339583, 8716287791.957531, 37135755771.555824, -135931485328.78694, -580076727627.3989,
                                       2357872308000.2227, 6291022044540.952, -31080610355827.35};
};

/// What stands beside e^(-x^2 / share) in a tail, for x from 0, with what rounding lost of it.
template <class Tail, class A>
struct beside_gaussian {
    doubles<A> product, rest;

    explicit XGRAD_INLINE beside_gaussian(doubles<A> x) {
        const doubles<A> one(1.0), shift(Tail::shift), limit(Tail::limit), first(Tail::first), sum = x + shift, s = one / sum;
        const doubles<A> error = multiply_add(s, (sum - shift) - x, remainder_of_quotient<A>(s, sum));
        const doubles<A> u = s - doubles<A>(Tail::middle), q = in_four_chains<Tail::series>(u), p = multiply_add(u, q, first);
        const doubles<A> factor = multiply_add(s, p, limit);
        product = kept_apart(s * factor);
        rest = s * multiply_add(s, multiply_add(u, q, first - p), multiply_add(s, p, limit - factor));
        if constexpr (fuses<A>) rest = rest + multiply_subtract(s, factor, product);
        rest = multiply_add(product, error * multiply_add(s * s, doubles<A>(Tail::sensitivity), one), rest);
    }
};

/// erfc x or normal_cdf(-x) for x from 0.
///
/// Error   1.7 ulp, 3.1 without a fused multiply-add; results below the normal numbers to one of their units
/// Limits  beyond `most`, where it is below all numbers, 0; NaN gives NaN
/// Method  e^(-x^2 / share) times a polynomial in 1 / (x + shift), each with what rounding lost of its argument
template <class Tail, class A>
XGRAD_INLINE doubles<A> gaussian_tail(doubles<A> any_x) {
    const doubles<A> x = xsimd::min(doubles<A>(Tail::most), any_x);
    const reduced_gaussian<Tail::share, A> e(x);
    const beside_gaussian<Tail, A> factor(x);
    // With e^r - 1 times the product.
    const doubles<A> rest = multiply_add(factor.product * e.r, e.r * exponential_tail<A>(e.r), multiply_add(factor.rest, e.r, factor.rest));
    return e.scaled_back(factor.product + multiply_add(factor.product, e.r, rest));
}

/// The last terms of erf x / x - 1, minimax in x^2 for x to 7/8: erf x is right to 2^-55.
struct erf_near_zero {
    static constexpr std::array series{-0.026866170644932606, 0.0052239776229560855, -0.0008548326839443269, 0.0001205532432608189, -1.4925381489595917e-05,
                                       1.6456518581897147e-06, -1.6288380751477697e-07, 1.4118059695827003e-08, -8.655119065323333e-10};
};

/// erf x to 1 ulp, 1.1 without a fused multiply-add: an odd polynomial near 0, beyond it 1 - erfc x.
template <class A>
XGRAD_INLINE doubles<A> erf(doubles<A> x) {
    const doubles<A> size = xsimd::abs(x), large = doubles<A>(1.0) - gaussian_tail<erfc_tail, A>(size);
    const doubles<A> square = x * x, last = multiply_add(in_four_chains<erf_near_zero::series>(square), square, doubles<A>(0.11283791670954303));
    const doubles<A> tail = multiply_add(multiply_add(last, square, doubles<A>(-0.37612638903183737)), square, doubles<A>(0.1283791670955126));
    return xsimd::copysign(xsimd::select(size < doubles<A>(0.8), multiply_add(tail, size, size), large), x);
}

/// erfc x to 1.7 ulp (3.1), also far out where erf x rounds to 1.
template <class A>
XGRAD_INLINE doubles<A> erfc(doubles<A> x) {
    const doubles<A> tail = gaussian_tail<erfc_tail, A>(xsimd::abs(x));
    const doubles<A> result = xsimd::select(x < doubles<A>(0.0), doubles<A>(2.0) - tail, tail);
    return xsimd::select(x == doubles<A>(0.0), doubles<A>(1.0), result);
}

/// erfc(-x / sqrt 2) / 2, the normal distribution function, to 1.7 ulp (3.1); exactly 1/2 at 0.
template <class A>
XGRAD_INLINE doubles<A> normal_cdf(doubles<A> x) {
    const doubles<A> tail = gaussian_tail<normal_cdf_tail, A>(xsimd::abs(x));
    const doubles<A> result = xsimd::select(x > doubles<A>(0.0), doubles<A>(1.0) - tail, tail);
    return xsimd::select(x == doubles<A>(0.0), doubles<A>(0.5), result);
}

}  // namespace xgrad::kernel::math
