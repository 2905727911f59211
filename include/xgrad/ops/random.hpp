// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/log.hpp>
#include <xgrad/ops/position.hpp>
#include <xgrad/ops/sin.hpp>
#include <xgrad/ops/sqrt.hpp>
#include <xgrad/ops/stop_gradient.hpp>

#include <bit>
#include <cstdint>

namespace xgrad {

namespace lanes {
/// 24 bits out of three whole numbers below 2^24 (of `a`, below 2^48, where numbers are single ones): two multiplications with
/// shifts between them mix what a third has spread.
constexpr std::uint32_t random_bits_of(std::uint64_t a, std::uint32_t b, std::uint32_t i) {
    const std::uint32_t state = static_cast<std::uint32_t>(a) ^ static_cast<std::uint32_t>(a >> 24) * 0x9e3779b1u;
    std::uint32_t h = i * 0x9e3779b1u ^ (std::rotl(state, 8) ^ b);
    h = (h ^ h >> 16) * 0x7feb352du + (b * 0x9e3779b1u + state);
    h = (h ^ h >> 15) * 0x846ca68bu;
    return h >> 8;
}
template <class X>
constexpr X random_bits(X a, X b, X i) {
    if constexpr (functions<X>::exist) {
        return functions<X>::random_bits(a, b, i);
    } else {
        return static_cast<X>(random_bits_of(static_cast<std::uint64_t>(a), static_cast<std::uint32_t>(b), static_cast<std::uint32_t>(i)));
    }
}
}  // namespace lanes

/// random_bits(a, b, i): a whole number below 2^24 that depends on the three whole numbers and on nothing else; i counts, a and b are
/// what a count before this one left. So it may be computed again instead of stored.
///
/// Shape       [S...], three times  ->  their NumPy broadcast
/// Derivative  0
/// Method      a hash of the counter; the same in float, double and every instruction set
struct random_bits_op : elementwise<3> {
    static constexpr std::string_view name = "random_bits";
    static constexpr bool exact = true;

    static constexpr auto value(auto a, auto b, auto i) { return lanes::random_bits(a, b, i); }
    static constexpr auto pullback(auto g, auto, auto, auto, auto) { return std::tuple{constant(g, 0), constant(g, 0), constant(g, 0)}; }
};

namespace detail {
inline constexpr declaration random_seed_declared{.name = "random_seed", .kind = leaf_kind::hole};
}  // namespace detail
/// The number that all random numbers of a formula follow from, whole and below 2^48. A trainer makes a new one for each step out of its
/// seed; who calls a compiled formula may bind it, `f(x = X, xg::random_seed = 7)`, and has 0 if not.
inline constexpr detail::leaf_node<&detail::random_seed_declared> random_seed{};

namespace detail {
/// Numbers for every element of x, whole and below 2^24: by the seed, the site, and the element's place on each axis in turn.
template <const record* R, int Axis, class A, class B>
constexpr auto random_bits_along(A a, B b) {
    if constexpr (R->extents.rank == 0) {
        return a;
    } else {
        const auto i = positions_along<R, Axis>();
        const auto next = ast::apply<random_bits_op>(a, b, i);
        if constexpr (Axis + 1 == R->extents.rank) {
            return next;
        } else {
            return random_bits_along<R, Axis + 1>(next, ast::apply<random_bits_op>(b, a, i));
        }
    }
}
template <fixed_string Site, class X>
constexpr auto random_bits_for(X) {
    constexpr std::uint64_t site = digest_of(std::string_view(Site));
    constexpr auto first = number<static_cast<double>(site & 0xffffff)>;
    constexpr auto second = number<static_cast<double>(site >> 24 & 0xffffff)>;
    return random_bits_along<ast::node_traits<X>::of(), 0>(ast::apply<random_bits_op>(random_seed, first, second),
                                                           ast::apply<random_bits_op>(random_seed, second, first));
}
}  // namespace detail

/// random_uniform<"site">(x): a number for each element of x, uniform in [0, 1), in steps of 2^-24; another for another site, seed or place.
///
/// Shape       x [S...]  ->  [S...]; of x nothing but its extents is read
/// Derivative  0
template <fixed_string Site, ast::symbolic X>
constexpr auto random_uniform(X x) {
    if constexpr (is_bad<X>) {
        return x;
    } else {
        return detail::random_bits_for<Site>(x) * number<0x1p-24> + number<0.0> * x;  // x has the extents; the product is never computed
    }
}

/// random_normal<"site">(x): a standard normal number for each element of x, another for another site, seed or place: mean + spread * random_normal<"noise">(mean).
///
/// Shape       x [S...]  ->  [S...]; of x nothing but its extents is read
/// Derivative  0
/// Limits      the 2^24 radii that occur go from 0 to 5.89
/// Method      sqrt(-2 log u) cos(2 pi v), u and v uniform: u in the middle of its step, so that it is not 0
/// Source      Box and Muller, Ann. Math. Statist. 1958
template <fixed_string Site, ast::symbolic X>
constexpr auto random_normal(X x) {
    if constexpr (is_bad<X>) {
        return x;
    } else {
        const auto u = (detail::random_bits_for<Site>(x) + number<0.5>) * number<0x1p-24>;
        const auto angle = detail::random_bits_for<join(Site, fixed_string("angle"))>(x) * number<0x1p-23 * std::numbers::pi>;
        return stop_gradient(sqrt(number<-2.0> * log(u)) * cos(angle)) + number<0.0> * x;
    }
}

}  // namespace xgrad
