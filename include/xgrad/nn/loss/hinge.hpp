// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/options.hpp>

namespace xgrad {

/// hinge(x, y) = max(0, 1 - y x), the loss of a support vector machine.
///
/// Formula     max(0, 1 - y x)
/// Gradient    -y where y x < 1, else 0
/// Shape       x, y [S...]  ->  [S...]
/// Domain      y -1 or 1
/// Options     those of every loss
/// Source      Cortes and Vapnik, Machine Learning 1995; Keras Hinge
/// Catalogue   loss, margin
template <ast::symbolic X, ast::symbolic Y, class... Options>
constexpr auto hinge(X given, Y target, Options... options) {
    const auto x = counted(given, number<0.0>, options...);
    const auto y = counted(target_for(given, target), number<1.0>, options...);
    return reduced(relu(number<1.0> - y * x), nothing, nothing, options...);
}

/// squared_hinge(x, y) = max(0, 1 - y x)^2: a hinge without the corner.
///
/// Formula     max(0, 1 - y x)^2
/// Gradient    -2 y max(0, 1 - y x)
/// Shape       x, y [S...]  ->  [S...]
/// Domain      y -1 or 1
/// Options     those of every loss
/// Source      Keras SquaredHinge
/// Catalogue   loss, margin
template <ast::symbolic X, ast::symbolic Y, class... Options>
constexpr auto squared_hinge(X given, Y target, Options... options) {
    const auto x = counted(given, number<0.0>, options...);
    const auto y = counted(target_for(given, target), number<1.0>, options...);
    return reduced(square(relu(number<1.0> - y * x)), nothing, nothing, options...);
}

}  // namespace xgrad
