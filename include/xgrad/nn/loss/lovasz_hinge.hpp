// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/arguments.hpp>

#include <limits>

namespace xgrad {

/// lovasz_hinge(z, y): a surrogate of the Jaccard index for binary masks, one value an image.
///
/// Formula     sum of relu(e_i) w_i over the last axis, e = 1 - z (2 y - 1), w = lovasz_weights(e, y)
/// Gradient    -(2 y - 1) w where e > 0
/// Shape       z, y [S..., P], the pixels of an image last; y 0 or 1, or labels of two classes  ->  [S...]
/// Options     those of every loss, a row being an image; pixels with the ignored label count nothing
/// Limits      an image without a pixel that counts gives 0
/// Source      Berman, Triki and Blaschko, CVPR 2018
/// Catalogue   loss, segmentation
template <ast::symbolic Z, ast::symbolic Y, class... Options>
constexpr auto lovasz_hinge(Z z, Y y, Options... options) {
    static_assert(!detail::is_probability<Z>(), "xgrad::lovasz_hinge(z, y): z must be logits. Fix: drop the sigmoid at the end of the model.");
    const auto labelled = detail::rows_with_label(y);
    const auto target = detail::where_counted(target_for(z, y), labelled, number<0.0>);
    const auto error = number<1.0> - detail::where_counted(counted(z, number<0.0>, options...), labelled, number<0.0>) * (number<2.0> * target - number<1.0>);
    const auto weight = lovasz_weights(detail::where_counted(error, labelled, number<-std::numeric_limits<double>::infinity()>), target);
    return reduced(sum(detail::where_counted(relu(error) * weight, labelled, number<0.0>), axes<-1>), nothing, nothing, options...);
}

}  // namespace xgrad
