// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/distance.hpp>

namespace xgrad {

/// cosine_similarity(a, b) = a b / (|a| |b|) over the last axis: 1 for one direction, -1 for opposite ones. Its negative is Keras's loss.
///
/// Formula     sum(a b) / (max(|a|, epsilon) max(|b|, epsilon))
/// Gradient    a: (b / |b| - cos a / |a|) / |a|; b likewise; that of a zero vector is finite
/// Shape       a, b [S..., D]  ->  [S...]
/// Options     epsilon(1e-8_c); those of every loss
/// Source      PyTorch CosineSimilarity; Keras CosineSimilarity
/// Catalogue   loss, margin
template <ast::symbolic A, ast::symbolic B, class... Options>
constexpr auto cosine_similarity(A a, B b, Options... options) {
    return reduced<named::epsilon>(detail::directions_of(a, b, options...).cosine(), nothing, nothing, options...);
}

/// cosine_distance(a, b) = 1 - cosine_similarity(a, b).
///
/// Formula     |a / |a| - b / |b||^2 / 2
/// Gradient    a: (cos a / |a| - b / |b|) / |a|; b likewise; that of a zero vector is finite
/// Shape       a, b [S..., D]  ->  [S...]
/// Options     epsilon(1e-8_c); those of every loss
/// Limits      1 where a or b is 0
/// Method      half the square of a distance: relative digits also where a and b have one direction
/// Source      Optax cosine_distance
/// Catalogue   loss, regression
template <ast::symbolic A, ast::symbolic B, class... Options>
constexpr auto cosine_distance(A a, B b, Options... options) {
    return reduced<named::epsilon>(detail::directions_of(a, b, options...).distance(), nothing, nothing, options...);
}

}  // namespace xgrad
