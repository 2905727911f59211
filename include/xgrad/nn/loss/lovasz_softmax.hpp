// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/arguments.hpp>

namespace xgrad {

/// Which classes a Lovász-softmax averages over: `lovasz_classes<"present">`, those that stand in the image, or `<"all">`.
template <fixed_string Which>
struct lovasz_classes_option {
    static constexpr auto kind = static_cast<option_kind>(1u << 20);
    static constexpr std::string_view how = Which;
    static_assert(how == "present" || how == "all", "xgrad::lovasz_classes<...>: it is \"present\" or \"all\".");
};
template <fixed_string Which>
inline constexpr lovasz_classes_option<Which> lovasz_classes{};

/// lovasz_softmax(z, t): a surrogate of the mean Jaccard index over classes, one value an image.
///
/// Formula     mean over classes c of sum(e w) over the pixels, e = |1[t = c] - softmax(z)_c|, w = lovasz_weights(e, 1[t = c])
/// Gradient    that of |1[t = c] - softmax(z)_c|, times w
/// Shape       z [S..., P, C], t labels [S..., P], P the pixels of an image  ->  [S...]
/// Options     those of every loss, a row being an image; lovasz_classes<"present"> (if nothing is said) or <"all">; pixels with the
///             ignored label count nothing
/// Limits      an image without a pixel that counts gives 0
/// Source      Berman, Triki and Blaschko, CVPR 2018
/// Catalogue   loss, segmentation
template <ast::symbolic Z, ast::symbolic T, class... Options>
constexpr auto lovasz_softmax(Z given, T t, Options... options) {
    constexpr auto which = static_cast<option_kind>(1u << 20);
    static_assert(!detail::is_probability<Z>(), "xgrad::lovasz_softmax(z, t): z must be logits. Fix: drop the softmax at the end of the model.");
    const auto labelled = detail::rows_with_label(t);
    const auto target = indicator(one_hot(t));
    const auto error = abs(target - softmax(detail::where_counted(given, labelled, number<0.0>)));
    const auto weight = lovasz_weights(transpose(detail::where_counted(error, labelled, number<-1.0>)), transpose(target));
    const auto of_class = sum(transpose(detail::where_counted(error, labelled, number<0.0>)) * weight, axes<-1>);
    if constexpr (detail::setting<which, Options...>("present") == "all") {
        return reduced<which>(mean(of_class, axes<-1>), nothing, nothing, options...);
    } else {
        const auto present = max(target, axes<-2>);
        return reduced<which>(sum(of_class * present, axes<-1>) / maximum(sum(present, axes<-1>), number<1.0>), nothing, nothing, options...);
    }
}

}  // namespace xgrad
