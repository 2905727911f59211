// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/numbers.hpp>

namespace xgrad {

namespace detail {
/// e^2 / 2 up to a corner, a line of the same slope from there: with m = min(|e|, corner) both are m (|e| - m / 2).
template <class E, class Corner>
constexpr auto huber_of(E e, Corner corner) {
    const auto size = abs(e);
    const auto inner = minimum(size, corner);
    return inner * (size - number<0.5> * inner);
}
}  // namespace detail

/// huber(p, y) = (p - y)^2 / 2 where |p - y| < delta, delta (|p - y| - delta / 2) elsewhere.
///
/// Formula     m (|p - y| - m / 2), m = min(|p - y|, delta)
/// Gradient    p - y clamped to [-delta, delta]
/// Shape       p, y [S...]  ->  [S...]
/// Options     delta(1_c); those of every loss
/// Limits      p = +-inf: the loss is inf, the gradient +-delta
/// Source      Huber, Ann. Math. Statist. 1964; PyTorch HuberLoss
/// Catalogue   loss, regression
template <ast::symbolic P, ast::symbolic Y, class... Options>
constexpr auto huber(P p, Y y, Options... options) {
    const auto corner = detail::number_or<named::delta>(number<1.0>, options...);
    return reduced<named::delta>(detail::huber_of(counted(difference(p, y), number<0.0>, options...), corner), nothing, nothing, options...);
}

/// smooth_l1(p, y) = huber(p, y, delta(beta)) / beta: |p - y| with a round corner.
///
/// Formula     m (|p - y| - m / 2) / beta, m = min(|p - y|, beta)
/// Gradient    (p - y) / beta clamped to [-1, 1]
/// Shape       p, y [S...]  ->  [S...]
/// Options     beta(1_c), above 0 or the constant 0_c, which makes it l1; those of every loss
/// Source      Girshick, ICCV 2015; PyTorch SmoothL1Loss
/// Catalogue   loss, regression
template <ast::symbolic P, ast::symbolic Y, class... Options>
constexpr auto smooth_l1(P p, Y y, Options... options) {
    const auto corner = detail::number_or<named::beta>(number<1.0>, options...);
    const auto e = counted(difference(p, y), number<0.0>, options...);
    if constexpr (detail::is_number<decltype(corner)>(0)) {
        return reduced<named::beta>(abs(e), nothing, nothing, options...);
    } else {
        return reduced<named::beta>(detail::huber_of(e, corner) / corner, nothing, nothing, options...);
    }
}

}  // namespace xgrad
