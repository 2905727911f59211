// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/distance.hpp>

namespace xgrad {

/// cosine_embedding(a, b, y) = 1 - cos(a, b) where y = 1, max(0, cos(a, b) - margin) where y = -1.
///
/// Formula     1 - cos(a, b) where y = 1, max(0, cos(a, b) - margin) where y = -1
/// Gradient    minus that of the cosine where y = 1; that of the cosine where y = -1 and it is above margin, else 0
/// Shape       a, b [S..., D], y [S...]  ->  [S...]
/// Domain      y -1 or 1
/// Options     margin(0_c), epsilon(1e-8_c) as in cosine_similarity; those of every loss
/// Source      PyTorch CosineEmbeddingLoss
/// Catalogue   loss, margin
template <ast::symbolic A, ast::symbolic B, ast::symbolic Y, class... Options>
constexpr auto cosine_embedding(A a, B b, Y target, Options... options) {
    const auto pair = detail::directions_of(a, b, options...);
    const auto y = counted(target_for(pair.cosine(), target), number<1.0>, options...);
    const auto apart = relu(pair.cosine() - detail::number_or<named::margin>(number<0.0>, options...));
    return reduced<named::margin | named::epsilon>(select(y > number<0.0>, pair.distance(), apart), nothing, nothing, options...);
}

}  // namespace xgrad
