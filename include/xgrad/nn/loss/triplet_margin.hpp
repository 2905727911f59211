// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/distance.hpp>

namespace xgrad {

namespace detail {
/// |a - b + epsilon| of a degree, over the last axis.
template <class A, class B, class Degree, class Epsilon>
constexpr auto distance_of(A a, B b, Degree degree, Epsilon epsilon) {
    const auto apart = (a - b) + epsilon;
    if constexpr (is_number<Degree>(1)) {
        return sum(abs(apart), axes<-1>);
    } else if constexpr (is_number<Degree>(2)) {
        return norm_of(apart);
    } else {
        const auto total = sum(pow(abs(apart), degree), axes<-1>);
        return select(total == number<0.0>, number<0.0>, pow(select(total == number<0.0>, number<1.0>, total), number<1.0> / degree));
    }
}
}  // namespace detail

/// triplet_margin(a, p, n) = max(0, |a - p| - |a - n| + margin): the anchor is to be nearer to the positive than to the negative.
///
/// Formula     max(0, d(a, p) - d(a, n) + margin), d(x, y) = |x - y + epsilon| of degree norm_degree; with distance_swap min(d(a, n), d(p, n))
/// Gradient    p: -u(a - p), n: u(a - n), a: u(a - p) - u(a - n) where the loss is above 0; u(x) = x / |x|, 0 at 0
/// Shape       a, p, n [S..., D]  ->  [S...]
/// Options     margin(1_c), norm_degree(2_c), at least 1, epsilon(1e-6_c), distance_swap; those of every loss
/// Source      Balntas et al., BMVC 2016; PyTorch TripletMarginLoss
/// Catalogue   loss, margin
template <ast::symbolic A, ast::symbolic P, ast::symbolic N, class... Options>
constexpr auto triplet_margin(A anchor, P positive, N negative, Options... options) {
    constexpr auto known = named::margin | named::norm_degree | named::epsilon | named::distance_swap;
    const auto degree = detail::number_or<named::norm_degree>(number<2.0>, options...);
    const auto epsilon = detail::number_or<named::epsilon>(number<1e-6>, options...);
    const auto margin = detail::number_or<named::margin>(number<1.0>, options...);
    const auto a = counted(anchor, number<0.0>, options...);
    const auto p = counted(positive, number<0.0>, options...);
    const auto n = counted(negative, number<0.0>, options...);
    const auto near = detail::distance_of(a, p, degree, epsilon);
    const auto far = detail::distance_of(a, n, degree, epsilon);
    if constexpr (detail::has_option<named::distance_swap, Options...>) {
        return reduced<known>(relu(near - minimum(far, detail::distance_of(p, n, degree, epsilon)) + margin), nothing, nothing, options...);
    } else {
        return reduced<known>(relu(near - far + margin), nothing, nothing, options...);
    }
}

}  // namespace xgrad
