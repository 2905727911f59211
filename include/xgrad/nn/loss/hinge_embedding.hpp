// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/numbers.hpp>

namespace xgrad {

/// hinge_embedding(x, y) = x where y = 1, max(0, margin - x) where y = -1; x is a distance.
///
/// Formula     x where y = 1, max(0, margin - x) where y = -1
/// Gradient    1 where y = 1; where y = -1: -1 if x < margin, else 0
/// Shape       x, y [S...]  ->  [S...]
/// Domain      y -1 or 1
/// Options     margin(1_c); those of every loss
/// Source      PyTorch HingeEmbeddingLoss
/// Catalogue   loss, margin
template <ast::symbolic X, ast::symbolic Y, class... Options>
constexpr auto hinge_embedding(X given, Y target, Options... options) {
    const auto x = counted(given, number<0.0>, options...);
    const auto y = counted(target_for(given, target), number<1.0>, options...);
    const auto apart = relu(detail::number_or<named::margin>(number<1.0>, options...) - x);
    return reduced<named::margin>(select(y > number<0.0>, x, apart), nothing, nothing, options...);
}

}  // namespace xgrad
