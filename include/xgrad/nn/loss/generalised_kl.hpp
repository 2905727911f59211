// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/options.hpp>

namespace xgrad {

/// generalised_kl(p, y) = sum(y log(y / p) - y + p) over the last axis: the divergence of measures that need not sum to 1.
///
/// Formula     sum of y (d - log(1 + d)), d = (p - y) / y; p where y = 0
/// Gradient    1 - y / p; 1 where y = 0
/// Shape       p, y [S..., C]  ->  [S...]
/// Domain      p, y >= 0
/// Options     those of every loss
/// Method      log1p(d) where |d| < 1/2, log p - log y elsewhere: neither loses digits there
/// Source      Csiszar, Ann. Statist. 1991; Optax convex_kl_divergence
/// Catalogue   loss, regression
template <ast::symbolic P, ast::symbolic Y, class... Options>
constexpr auto generalised_kl(P given, Y target, Options... options) {
    const auto p = counted(given, number<1.0>, options...);
    const auto y = counted(target_for(given, target), number<1.0>, options...);
    const auto some = y > number<0.0>;
    const auto wanted = select(some, y, number<1.0>);
    const auto found = select(some, p, number<1.0>);  // no logarithm of 0, nor its derivative, where y is 0
    const auto excess = (found - wanted) / wanted;
    const auto close = abs(excess) < number<0.5>;
    const auto logarithm = select(close, log1p(select(close, excess, number<0.0>)), log(select(close, number<1.0>, found)) - log(wanted));
    return reduced(sum(select(some, wanted * (excess - logarithm), p), axes<-1>), nothing, nothing, options...);
}

}  // namespace xgrad
