// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/arguments.hpp>

namespace xgrad {

template <class W>
struct class_weight_option {
    static constexpr auto kind = option_kind::class_weight;
    W weight;
};
/// One weight a class, [C]; a row's loss is multiplied by its target's.
template <ast::symbolic W>
constexpr class_weight_option<W> class_weight(W w) {
    return {w};
}

/// row_weights(z, t, w): the class weight of each row's target, [S...]; for `weighted_mean`.
template <ast::symbolic Z, ast::symbolic T, ast::symbolic W>
constexpr auto row_weights(Z z, T t, W w) {
    return pick(w + number<0.0> * z, t);  // w spread to the shape of z; the product is never computed
}

/// weighted_mean(loss, w) = sum(loss w) / sum(w), PyTorch's mean under class weights.
template <ast::symbolic L, ast::symbolic W>
constexpr auto weighted_mean(L loss, W w) {
    return sum(loss * w) / sum(w);
}

namespace detail {
template <class Z, class T, class Weight>
constexpr auto weight_of_rows(Z z, T t, Weight w) {
    if constexpr (is_given<Weight>) {
        static_assert(is_labels<T>(), "xgrad::cross_entropy(z, t, class_weight(w)): t must be labels. Fix: multiply a distribution by w itself.");
        return row_weights(z, t, w.weight);
    } else {
        return nothing;
    }
}
template <class Z, class T>
constexpr auto cross_entropy_rows(Z z, T t) {
    if constexpr (is_bad<Z> || is_bad<T>) {
        return z;
    } else if constexpr (is_labels<T>()) {
        return -pick(log_softmax(z), t);
    } else {
        return -sum(select(t == number<0.0>, number<0.0>, t * log_softmax(z)), axes<-1>);
    }
}
}  // namespace detail

/// cross_entropy(z, t) = -log softmax(z)[t] for labels t, -sum(q log softmax(z)) for a distribution q, over the last axis.
///
/// Formula     max - z_t + log1p(sum of e^(z_j - max) over all but the largest)
/// Gradient    softmax(z) - one_hot(t), the target's entry as minus the sum of the others; sum(q) softmax(z) - q
/// Shape       z [S..., C]; t labels [S...] or a distribution [S..., C]  ->  [S...]
/// Options     those of every loss; class_weight(w), w [C]; rows with the ignored label count 0
/// Method      (max - z_t) + log1p(sum of the others): six digits even where the model is sure
/// Source      Shannon 1948; options as in PyTorch
/// Catalogue   loss, softmax family
template <ast::symbolic Z, ast::symbolic T, class... Options>
constexpr auto cross_entropy(Z given, T t, Options... options) {
    static_assert(!detail::is_probability<Z>(),
                  "xgrad::cross_entropy(z, t): z is a probability already, and the softmax would be applied twice. "
                  "Fix: drop the softmax at the end of the model, or call cross_entropy_of(target, predicted).");
    constexpr std::int64_t width = detail::last_extent<Z>(), classes = detail::width_for<T>(width);
    static_assert(width == classes,
                  "xgrad::cross_entropy(z, t): the last extent of z must equal the class count of t. "
                  "Fix: check the width of the last layer and classes(...) of the labels.");
    if constexpr (is_bad<Z> || is_bad<T>) {
        return given;
    } else if constexpr (width != classes) {
        return ast::bad<pick_op, 2, width, classes>{};
    } else {
        const auto labelled = detail::rows_with_label(t);
        const auto z = detail::where_counted(counted(given, number<0.0>, options...), labelled, number<0.0>);
        const auto weight = detail::weight_of_rows(z, t, detail::option_of<option_kind::class_weight>(options...));
        return reduced<option_kind::class_weight>(detail::cross_entropy_rows(z, t), weight, labelled, options...);
    }
}

}  // namespace xgrad
