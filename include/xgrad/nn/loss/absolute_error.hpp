// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/options.hpp>

namespace xgrad {

/// l1(p, y) = |p - y|, element by element.
///
/// Formula     |p - y|
/// Gradient    sign(p - y), 0 at 0
/// Shape       p, y [S...]  ->  [S...]
/// Options     those of every loss
/// Source      Boscovich 1757; PyTorch L1Loss
/// Catalogue   loss, regression
template <ast::symbolic P, ast::symbolic Y, class... Options>
constexpr auto l1(P p, Y y, Options... options) {
    return reduced(abs(counted(difference(p, y), number<0.0>, options...)), nothing, nothing, options...);
}

/// mean_absolute_error(p, y) = mean(|p - y|) over the last axis.
///
/// Formula     mean |p - y|
/// Gradient    sign(p - y) / D, 0 at 0
/// Shape       p, y [S..., D]  ->  [S...]
/// Options     those of every loss
/// Source      Keras MeanAbsoluteError
/// Catalogue   loss, regression
template <ast::symbolic P, ast::symbolic Y, class... Options>
constexpr auto mean_absolute_error(P p, Y y, Options... options) {
    return reduced(mean(abs(counted(difference(p, y), number<0.0>, options...)), axes<-1>), nothing, nothing, options...);
}

}  // namespace xgrad
