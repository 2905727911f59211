// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/options.hpp>

namespace xgrad {

/// soft_margin(x, y) = log(1 + e^(-y x)), the logistic loss of labels -1 and 1.
///
/// Formula     softplus(-y x)
/// Gradient    -y sigmoid(-y x)
/// Shape       x, y [S...]  ->  [S...]
/// Domain      y -1 or 1
/// Options     those of every loss
/// Source      PyTorch SoftMarginLoss, which overflows at y x = -89 where this does not
/// Catalogue   loss, binary
template <ast::symbolic X, ast::symbolic Y, class... Options>
constexpr auto soft_margin(X given, Y target, Options... options) {
    const auto x = counted(given, number<0.0>, options...);
    const auto y = counted(target_for(given, target), number<1.0>, options...);
    return reduced(softplus(-(y * x)), nothing, nothing, options...);
}

}  // namespace xgrad
