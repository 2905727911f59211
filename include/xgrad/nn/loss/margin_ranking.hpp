// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/numbers.hpp>

namespace xgrad {

/// margin_ranking(a, b, y) = max(0, margin - y (a - b)): a is to be larger than b where y = 1, smaller where y = -1.
///
/// Formula     max(0, margin - y (a - b))
/// Gradient    a: -y where y (a - b) < margin, else 0; b: minus that
/// Shape       a, b, y [S...]  ->  [S...]
/// Domain      y -1 or 1
/// Options     margin(0_c); those of every loss
/// Source      PyTorch MarginRankingLoss
/// Catalogue   loss, margin
template <ast::symbolic A, ast::symbolic B, ast::symbolic Y, class... Options>
constexpr auto margin_ranking(A a, B b, Y target, Options... options) {
    const auto y = counted(target_for(a, target), number<1.0>, options...);
    const auto lead = y * counted(difference(a, b), number<0.0>, options...);
    return reduced<named::margin>(relu(detail::number_or<named::margin>(number<0.0>, options...) - lead), nothing, nothing, options...);
}

}  // namespace xgrad
