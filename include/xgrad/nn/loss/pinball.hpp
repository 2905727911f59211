// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/numbers.hpp>

namespace xgrad {

/// pinball(p, y) = q (y - p) where y > p, (1 - q) (p - y) elsewhere: least at the quantile q of y.
///
/// Formula     max(q (y - p), (q - 1) (y - p))
/// Gradient    -q where y > p, else 1 - q
/// Shape       p, y [S...]  ->  [S...], with broadcasting: several quantiles are one loss, q [Q]
/// Options     quantile(0.5_c), in [0, 1]; those of every loss
/// Source      Koenker and Bassett, Econometrica 1978
/// Catalogue   loss, regression
template <ast::symbolic P, ast::symbolic Y, class... Options>
constexpr auto pinball(P p, Y y, Options... options) {
    const auto q = detail::number_or<named::quantile>(number<0.5>, options...);
    const auto rest = counted(difference(y, p), number<0.0>, options...);
    return reduced<named::quantile>(select(rest > number<0.0>, q, q - number<1.0>) * rest, nothing, nothing, options...);
}

}  // namespace xgrad
