// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/options.hpp>

namespace xgrad {

/// l2(p, y) = (p - y)^2 / 2, element by element: half of what mean_squared_error averages.
///
/// Formula     (p - y)^2 / 2
/// Gradient    p - y
/// Shape       p, y [S...]  ->  [S...]
/// Options     those of every loss
/// Source      Legendre 1805; the half as in Optax l2_loss
/// Catalogue   loss, regression
template <ast::symbolic P, ast::symbolic Y, class... Options>
constexpr auto l2(P p, Y y, Options... options) {
    return reduced(number<0.5> * square(counted(difference(p, y), number<0.0>, options...)), nothing, nothing, options...);
}

}  // namespace xgrad
