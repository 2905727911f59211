// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/options.hpp>

namespace xgrad {

/// perceptron(x, y) = max(0, -y x): what is on the right side counts nothing.
///
/// Formula     max(0, -y x)
/// Gradient    -y where y x < 0, else 0
/// Shape       x, y [S...]  ->  [S...]
/// Domain      y -1 or 1
/// Options     those of every loss
/// Source      Rosenblatt, Psychological Review 1958; Optax perceptron_loss
/// Catalogue   loss, margin
template <ast::symbolic X, ast::symbolic Y, class... Options>
constexpr auto perceptron(X given, Y target, Options... options) {
    const auto x = counted(given, number<0.0>, options...);
    const auto y = counted(target_for(given, target), number<1.0>, options...);
    return reduced(relu(-(y * x)), nothing, nothing, options...);
}

}  // namespace xgrad
