// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/array.hpp>
#include <xgrad/kernel/error.hpp>

#include <algorithm>
#include <string>

namespace xgrad {

/// The class with the largest score in each row; the first of equal ones.
///
/// Shape  scores [N, C]  ->  [N]
template <class Scores, class Class = std::int32_t>
tensor<Class, 1> predicted_classes(const Scores& scores) {
    auto classes = tensor<Class, 1>::from_shape({scores.shape()[0]});
    const std::size_t width = scores.shape()[1];
    for (std::size_t r = 0; r < scores.shape()[0]; ++r) {
        const auto* row = scores.data() + r * width;
        classes(r) = static_cast<Class>(std::max_element(row, row + width) - row);
    }
    return classes;
}

namespace detail {
template <class Scores, class Labels>
void check_rows(const char* what, const Scores& scores, const Labels& labels) {
    if (scores.shape()[0] != labels.shape()[0])
        throw shape_error("xgrad::" + std::string(what) + "(scores, labels): axis 0 of scores has " + std::to_string(scores.shape()[0]) + ", of labels " +
                          std::to_string(labels.shape()[0]) + ". Fix: give one label a row.");
}
}  // namespace detail

/// The share of rows whose largest score is at the label.
///
/// Shape  scores [N, C], labels [N]  ->  a number in [0, 1]
template <class Scores, class Labels>
double accuracy(const Scores& scores, const Labels& labels) {
    detail::check_rows("accuracy", scores, labels);
    const auto classes = predicted_classes(scores);
    std::size_t right = 0;
    for (std::size_t r = 0; r < classes.size(); ++r) right += static_cast<std::int64_t>(classes(r)) == static_cast<std::int64_t>(labels(r));
    return static_cast<double>(right) / static_cast<double>(classes.size());
}

/// How often label i was predicted as class j.
///
/// Shape  scores [N, C], labels [N]  ->  [C, C]
template <class Scores, class Labels, class Count = std::int64_t>
tensor<Count, 2> confusion_matrix(const Scores& scores, const Labels& labels) {
    detail::check_rows("confusion_matrix", scores, labels);
    const std::size_t width = scores.shape()[1];
    tensor<Count, 2> counts({width, width}, 0);
    const auto classes = predicted_classes(scores);
    for (std::size_t r = 0; r < classes.size(); ++r) {
        const auto label = static_cast<std::size_t>(labels(r));
        if (label >= width) throw binding_error("xgrad::confusion_matrix: row " + std::to_string(r) + " has label " + std::to_string(labels(r)) + " of " + std::to_string(width) + " classes.");
        ++counts(label, static_cast<std::size_t>(classes(r)));
    }
    return counts;
}

}  // namespace xgrad
