// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/numbers.hpp>

namespace xgrad {

/// circle(s, y) = softplus(lse over negatives of gamma a_n (s - m) + lse over positives of -gamma a_p (s - 1 + m)), m the margin.
///
/// Formula     a_p = max(0, 1 + m - s), a_n = max(0, s + m); lse is log(sum(e^...)) over the last axis
/// Gradient    sigmoid(lse_n + lse_p) times softmax over the pairs of a side, times that of the pair's term; a_p, a_n are differentiated too
/// Shape       s, y [S..., C]  ->  [S...]
/// Domain      s cosine similarities of one row to C others; y 1 for others of the row's class, 0 for those of another
/// Options     gamma(80_c), margin(0.4_c); those of every loss
/// Limits      0 for a row without positives or without negatives
/// Source      Sun et al., CVPR 2020; gamma and margin as in Keras Circle
/// Catalogue   loss, margin
template <ast::symbolic S, ast::symbolic Y, class... Options>
constexpr auto circle(S given, Y target, Options... options) {
    const auto gamma = detail::number_or<named::gamma>(number<80.0>, options...);
    const auto m = detail::number_or<named::margin>(number<0.4>, options...);
    const auto s = counted(given, number<0.0>, options...);
    const auto y = counted(target_for(given, target), number<1.0>, options...);
    const auto positive = gamma * relu((number<1.0> + m) - s) * ((number<1.0> - m) - s);
    const auto negative = gamma * relu(s + m) * (s - m);
    // Not -inf: the softmax of a side without pairs would be NaN, and 0 times it as well.
    const auto lse_p = logsumexp(select(y > number<0.5>, positive, number<-1e30>), axes<-1>);
    const auto lse_n = logsumexp(select(y > number<0.5>, number<-1e30>, negative), axes<-1>);
    return reduced<named::gamma | named::margin>(softplus(lse_n + lse_p), nothing, nothing, options...);
}

}  // namespace xgrad
