// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/layer_norm.hpp>

namespace xgrad {

namespace detail {
struct rows_of_unit_mean_square {
    template <norm_options Options, class X>
    static constexpr auto of(X x) {
        return x * (number<1.0> / sqrt(mean(square(x), trailing_axes<Options.axes>, keep_axes) + number<Options.epsilon>));
    }
};
}  // namespace detail

/// rms_norm<"name">(x): each row divided by the root of its mean square, then scaled.
///
/// Formula     y = x / sqrt(mean(x^2) + epsilon);  y weight
/// Gradient    r (u - y mean(u y)), u = g weight, r = 1 / sqrt(mean(x^2) + epsilon); the sum over the rows of g y for the weight
/// Shape       x [..., features]  ->  the same; a row is the last axis, or the last `axes`
/// Parameters  name.weight [features], ones
/// Options     rms_norm<"name", norm_options{.epsilon = 1e-5, .axes = 1, .scale = true, .bias = false}>; with .bias = true also name.bias
/// Errors      extents of a row that are not numbers, where there are parameters
/// Limits      a row of zeros gives 0; squares overflow in float from 1.8e19 on
/// Source      Zhang and Sennrich, NeurIPS 2019; epsilon of ONNX (PyTorch's is that of the number type)
/// Catalogue   layer
template <fixed_string Name, norm_options Options = norm_options{.bias = false}>
inline constexpr detail::row_norm_layer<detail::rows_of_unit_mean_square, Name, Options> rms_norm{};

}  // namespace xgrad
