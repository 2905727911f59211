// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/numbers.hpp>

namespace xgrad::detail {

/// sqrt(s) with derivative 0 at 0. NaN stays NaN.
template <class S>
constexpr auto root_of(S s) {
    const auto nil = s == number<0.0>;
    return select(nil, number<0.0>, sqrt(select(nil, number<1.0>, s)));
}
/// The Euclidean norm over the last axis, with derivative 0 at 0.
template <class X>
constexpr auto norm_of(X x) {
    return root_of(sum(square(x), axes<-1>));
}
/// Two vectors over the last axis, and what makes each of length 1: 1 / max(norm, epsilon).
template <class A, class B, class Epsilon>
struct directions {
    A a;
    B b;
    Epsilon epsilon;

    constexpr auto cosine() const { return sum(a * b, axes<-1>) * (number<1.0> / maximum(norm_of(a), epsilon)) * (number<1.0> / maximum(norm_of(b), epsilon)); }
    /// 1 - cosine as half the square of the distance between the two of length 1, which has digits where the cosine is close to 1.
    constexpr auto distance() const {
        const auto na = norm_of(a);
        const auto nb = norm_of(b);
        const auto apart = a * column(number<1.0> / maximum(na, epsilon)) - b * column(number<1.0> / maximum(nb, epsilon));
        return select(minimum(na, nb) > epsilon, number<0.5> * sum(square(apart), axes<-1>), number<1.0> - cosine());
    }
};
template <class A, class B, class... Options>
constexpr auto directions_of(A a, B b, Options... options) {
    const auto epsilon = number_or<named::epsilon>(number<1e-8>, options...);
    const auto x = counted(a, number<1.0>, options...);
    const auto y = counted(b, number<1.0>, options...);
    return directions{x, y, epsilon};
}

}  // namespace xgrad::detail
