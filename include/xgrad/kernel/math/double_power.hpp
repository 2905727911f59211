// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/math/double_logarithm.hpp>

#include <cmath>

namespace xgrad::kernel::math {

/// A sum of two numbers, the second what rounding lost of the first.
template <class A>
struct pair_of_doubles {
    doubles<A> head, rest;
};
/// a + b for |a| no smaller than |b|, and a b; with a machine that rounds a b + c once.
template <class A>
XGRAD_INLINE pair_of_doubles<A> exact_sum(doubles<A> a, doubles<A> b) {
    const doubles<A> head = a + b;
    return {head, b - (head - a)};
}
template <class A>
XGRAD_INLINE pair_of_doubles<A> product(pair_of_doubles<A> a, pair_of_doubles<A> b) {
    const doubles<A> head = kept_apart(a.head * b.head);
    return {head, multiply_add(a.head, b.rest, multiply_add(a.rest, b.head, multiply_subtract(a.head, b.head, head)))};
}

/// log2 x to 2^-65, for normal x.
template <class A>
XGRAD_INLINE pair_of_doubles<A> logarithm_to_base_2(doubles<A> x) {
    const split_double<A> parts(x);
    const doubles<A> one(1.0), f = parts.m - one;
    // s = f / (2 + f); log2(1 + f) = s (c0 + c1 s^2 + ...), where only the first two terms need more digits than one number has.
    const pair_of_doubles<A> sum = exact_sum<A>(doubles<A>(2.0), f);
    const doubles<A> inverse = one / sum.head, quotient = kept_apart(f * inverse);
    const pair_of_doubles<A> s{quotient, multiply_add(-quotient, sum.rest, multiply_add(-quotient, sum.head, f)) * inverse};
    const pair_of_doubles<A> z = product<A>(s, s);
    const doubles<A> q = polynomial<A>(z.head, 0.5770780163555851, 0.41219858311137086, 0.3205988979077685, 0.2623081991800525, 0.22195223940445816,
                                          0.19240237617113776, 0.16843230708862353, 0.1729625850032161);
    pair_of_doubles<A> w = exact_sum<A>(doubles<A>(0.9617966939259756), kept_apart(q * z.head));
    w.rest = w.rest + doubles<A>(5.0577616648125907e-17);
    w = product<A>(w, z);
    const pair_of_doubles<A> v = exact_sum<A>(doubles<A>(2.8853900817779268), w.head);
    w = product<A>(s, {v.head, v.rest + (w.rest + doubles<A>(4.0710547481862066e-17))});
    const pair_of_doubles<A> total = exact_sum<A>(parts.k, w.head);
    return {total.head, total.rest + w.rest};
}

/// x^y to 1 ulp.
///
/// Limits  where x is not a positive normal number or y is huge, by the standard library, in those lanes alone
/// Method  2^(y log2 x), whose exponent has twice the digits, since its error is multiplied by it
template <class A>
XGRAD_INLINE doubles<A> pow(doubles<A> x, doubles<A> y) {
    const pair_of_doubles<A> l = logarithm_to_base_2<A>(x);
    const doubles<A> whole = kept_apart(y * l.head), rest = multiply_add(y, l.rest, multiply_subtract(y, l.head, whole));
    const doubles<A> z = clamped<A>(whole, -1100.0, 1100.0), n = nearest<A>(z), part = clamped<A>((z - n) + rest, -1.0, 1.0), log_2(0.69314718055994531);
    const doubles<A> r = kept_apart(part * log_2);
    const pair_of_doubles<A> first = exact_sum<A>(doubles<A>(1.0), r);
    const doubles<A> fraction = first.head + multiply_add(exponential_tail<A>(r), r * r, multiply_subtract(part, log_2, r) + first.rest);
    const doubles<A> result = times_power_of_two<A>(fraction, n);
    const auto ordinary = (x >= doubles<A>(std::numeric_limits<double>::min())) & (x < doubles<A>(std::numeric_limits<double>::infinity())) & (xsimd::abs(y) < doubles<A>(0x1p64));
    if (in_all_lanes<A>(ordinary)) [[likely]]
        return result;
    return patched<A>(result, x, ordinary, [](double base, double exponent) { return std::pow(base, exponent); }, y);
}

}  // namespace xgrad::kernel::math
