// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/train/metrics/checks.hpp>

#include <vector>

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

/// The share of rows whose label is among the k largest scores. A score equal to the label's counts as larger only if its class
/// stands before it, as in accuracy: k = 1 is accuracy.
///
/// Shape  scores [N, C], labels [N]  ->  a number in [0, 1]
template <class Scores, class Labels>
double top_k_accuracy(const Scores& scores, const Labels& labels, std::size_t k) {
    detail::check_rows("top_k_accuracy", scores, labels);
    const std::size_t rows = scores.shape()[0], width = scores.shape()[1];
    std::size_t right = 0;
    for (std::size_t r = 0; r < rows; ++r) {
        const auto label = static_cast<std::size_t>(labels(r));
        if (label >= width) continue;
        std::size_t before = 0;
        for (std::size_t c = 0; c < width; ++c) before += scores(r, c) > scores(r, label) || (scores(r, c) == scores(r, label) && c < label);
        right += before < k;
    }
    return static_cast<double>(right) / static_cast<double>(rows);
}

/// The share of rows on the right side of `least`: of probabilities 0.5, of logits 0.
///
/// Shape  scores, labels (0 or 1) [N] or [N, 1]  ->  a number in [0, 1]
template <class Scores, class Labels>
double binary_accuracy(const Scores& scores, const Labels& labels, double least = 0.5) {
    detail::check_binary("binary_accuracy", scores, labels);
    std::size_t right = 0;
    for (std::size_t r = 0; r < scores.shape()[0]; ++r)
        right += (static_cast<double>(detail::number_of_row(scores, r)) > least) == (detail::number_of_row(labels, r) == 1);
    return static_cast<double>(right) / static_cast<double>(scores.shape()[0]);
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
        const auto label = static_cast<std::size_t>(labels(r));  // one below 0 is far above the width
        if (label >= width) throw binding_error("xgrad::confusion_matrix: row " + std::to_string(r) + " has label " + std::to_string(labels(r)) + " of " + std::to_string(width) + " classes.");
        ++counts(label, static_cast<std::size_t>(classes(r)));
    }
    return counts;
}

/// What a confusion matrix says of each class. A class that is never predicted has precision 0, one that never occurs recall 0.
struct class_scores {
    std::vector<double> precision, recall, f1;  ///< one a class
    std::vector<std::int64_t> support;          ///< rows of each class
    double macro_f1 = 0;                      ///< the mean over classes
    double weighted_f1 = 0;                   ///< the mean weighted by support
    double micro_f1 = 0;                      ///< over all rows: the accuracy
};
/// Precision, recall and F1 of each class.
///
/// Shape   counts [C, C], row i the label, column j the prediction
/// Source  van Rijsbergen 1979
template <class Counts>
class_scores precision_recall_f1(const Counts& counts) {
    const std::size_t width = counts.shape()[0];
    class_scores made;
    double rows = 0, right = 0;
    for (std::size_t c = 0; c < width; ++c) {
        double predicted = 0, actual = 0;
        for (std::size_t k = 0; k < width; ++k) {
            predicted += static_cast<double>(counts(k, c));
            actual += static_cast<double>(counts(c, k));
        }
        const auto hit = static_cast<double>(counts(c, c));
        made.precision.push_back(detail::share(hit, predicted));
        made.recall.push_back(detail::share(hit, actual));
        made.f1.push_back(detail::share(2 * hit, predicted + actual));
        made.support.push_back(static_cast<std::int64_t>(actual));
        made.macro_f1 += made.f1[c] / static_cast<double>(width);
        made.weighted_f1 += made.f1[c] * actual;
        rows += actual;
        right += hit;
    }
    made.weighted_f1 = detail::share(made.weighted_f1, rows);
    made.micro_f1 = detail::share(right, rows);
    return made;
}

}  // namespace xgrad
