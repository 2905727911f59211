// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/numbers.hpp>

namespace xgrad {

/// wing(p, y) = width log(1 + |p - y| / curvature) where |p - y| < width, a line of slope 1 elsewhere: small errors count more.
///
/// Formula     width log1p(|e| / curvature) where |e| < width, else |e| - width + width log1p(width / curvature); e = p - y
/// Gradient    sign(e) width / (curvature + |e|) where |e| < width, else sign(e); 0 at 0
/// Shape       p, y [S...]  ->  [S...]
/// Options     width(10_c), curvature(2_c); those of every loss
/// Source      Feng et al., CVPR 2018, whose defaults these are
/// Catalogue   loss, regression
template <ast::symbolic P, ast::symbolic Y, class... Options>
constexpr auto wing(P p, Y y, Options... options) {
    const auto w = detail::number_or<named::width>(number<10.0>, options...);
    const auto c = detail::number_or<named::curvature>(number<2.0>, options...);
    const auto size = abs(counted(difference(p, y), number<0.0>, options...));
    const auto rows = select(size < w, w * log1p(size / c), (size - w) + w * log1p(w / c));
    return reduced<named::width | named::curvature>(rows, nothing, nothing, options...);
}

}  // namespace xgrad
