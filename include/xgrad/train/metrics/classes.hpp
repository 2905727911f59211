// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/train/metrics/class_rows.hpp>

#include <array>
#include <vector>

namespace xgrad {

namespace detail {
/// How many axes class scores have without the last; 1 where only the running program knows.
template <class Scores>
constexpr std::size_t rank_of_classes() {
    if constexpr (requires { std::tuple_size<typename Scores::shape_type>::value; }) {
        return std::max<std::size_t>(std::tuple_size_v<typename Scores::shape_type>, 2) - 1;
    } else {
        return 1;
    }
}
}  // namespace detail

/// The class with the largest score in each row; the first of equal ones.
///
/// Shape   scores [S..., C], C at least 2  ->  [S...]; [N] of an array whose rank is known only when the program runs
/// Errors  shape_error of other extents; binding_error where a score is NaN: such a row has no largest
template <class Scores, class Class = std::int32_t>
auto predicted_classes(const Scores& scores) {
    constexpr std::size_t rank = detail::rank_of_classes<Scores>();
    const detail::class_rows rows("predicted_classes", scores);
    std::array<std::size_t, rank> extents{rows.count()};
    if constexpr (rank > 1) std::copy_n(scores.shape().begin(), rank, extents.begin());
    auto classes = tensor<Class, rank>::from_shape(extents);
    for (std::size_t r = 0; r < rows.count(); ++r) classes.data()[r] = static_cast<Class>(rows.best(r));
    return classes;
}

/// The share of rows whose largest score is at the label; a label that is no class is never there. Rows whose label is one to ignore do not count:
/// `accuracy(scores, labels, xg::ignore_index<-1>)`, and may hold anything. NaN of no rows.
///
/// Shape   scores [S..., C], labels [S...] or [S..., 1]  ->  a number in [0, 1]
/// Errors  as predicted_classes; where the labels are not one a row, or not whole
template <class Scores, class Labels, std::int64_t... Ignored>
double accuracy(const Scores& scores, const Labels& labels, ignored_label<Ignored>... ignored) {
    const detail::class_rows rows("accuracy", scores);
    const auto counted = rows.labelled(labels, ignored...);
    std::size_t right = 0;
    for (const auto& [row, label] : counted) right += static_cast<std::int64_t>(rows.best(row)) == label;
    return static_cast<double>(right) / static_cast<double>(counted.size());
}

/// The share of rows whose label is among the k largest scores. A score equal to the label's counts as larger only if its class
/// stands before it, as in accuracy: k = 1 is accuracy.
///
/// Shape   scores [S..., C], labels [S...] or [S..., 1]  ->  a number in [0, 1]
/// Errors  as accuracy
template <class Scores, class Labels, std::int64_t... Ignored>
double top_k_accuracy(const Scores& scores, const Labels& labels, std::size_t k, ignored_label<Ignored>... ignored) {
    const detail::class_rows rows("top_k_accuracy", scores);
    const auto counted = rows.labelled(labels, ignored...);
    std::size_t right = 0;
    for (const auto& [row, given] : counted) {
        rows.best(row);  // refuses NaN
        const auto label = static_cast<std::size_t>(given);
        if (label >= rows.classes()) continue;
        std::size_t before = 0;
        for (std::size_t c = 0; c < rows.classes(); ++c) before += rows(row, c) > rows(row, label) || (rows(row, c) == rows(row, label) && c < label);
        right += before < k;
    }
    return static_cast<double>(right) / static_cast<double>(counted.size());
}

/// The share of rows on the right side of `least`: of probabilities 0.5, of logits 0.
///
/// Shape  scores, labels (0 or 1) [N] or [N, 1]  ->  a number in [0, 1]
template <class Scores, class Labels>
double binary_accuracy(const Scores& scores, const Labels& labels, double least = 0.5) {
    detail::check_binary("binary_accuracy", scores, labels);
    std::size_t right = 0;
    const std::size_t rows = detail::rows_of(scores);
    for (std::size_t r = 0; r < rows; ++r) right += (static_cast<double>(detail::number_of_row(scores, r)) > least) == (detail::number_of_row(labels, r) == 1);
    return static_cast<double>(right) / static_cast<double>(rows);
}

/// How often label i was predicted as class j; rows whose label is one to ignore (`xg::ignore_index<-1>` after the labels) do not count.
///
/// Shape   scores [S..., C], labels [S...] or [S..., 1]  ->  [C, C]
/// Errors  as accuracy; binding_error where a label is no class
template <class Scores, class Labels, std::int64_t... Ignored>
tensor<std::int64_t, 2> confusion_matrix(const Scores& scores, const Labels& labels, ignored_label<Ignored>... ignored) {
    const detail::class_rows rows("confusion_matrix", scores);
    const std::size_t width = rows.classes();
    tensor<std::int64_t, 2> counts({width, width}, 0);
    for (const auto& [row, given] : rows.labelled(labels, ignored...)) {
        const auto label = static_cast<std::size_t>(given);  // one below 0 is far above the width
        if (label >= width)
            throw binding_error("xgrad::confusion_matrix: row " + std::to_string(row) + " has label " + std::to_string(given) + " of " + std::to_string(width) + " classes. Fix: correct it, or say that it is to be ignored, as in xg::ignore_index<-1>.");
        ++counts(label, rows.best(row));
    }
    return counts;
}

/// Precision, recall and F1 of each class. One that is never predicted has precision 0, one that never occurs recall 0.
struct class_scores {
    std::vector<double> precision, recall, f1;  ///< one a class
    std::vector<std::int64_t> support;          ///< rows of each class
    double macro_f1 = 0;                        ///< the mean over classes
    double weighted_f1 = 0;                     ///< the mean weighted by support
    double micro_f1 = 0;                        ///< of the counts of all classes together: of a confusion matrix, the accuracy
};
namespace detail {
/// What follows from how often each class was predicted rightly, was predicted, and was there.
inline class_scores scores_of_counts(const std::vector<double>& hits, const std::vector<double>& predicted, const std::vector<double>& actual) {
    class_scores made;
    double all_hits = 0, all_predicted = 0, all_actual = 0;
    for (std::size_t c = 0; c < hits.size(); ++c) {
        made.precision.push_back(share(hits[c], predicted[c]));
        made.recall.push_back(share(hits[c], actual[c]));
        made.f1.push_back(share(2 * hits[c], predicted[c] + actual[c]));
        made.support.push_back(static_cast<std::int64_t>(actual[c]));
        made.macro_f1 += made.f1[c] / static_cast<double>(hits.size());
        made.weighted_f1 += made.f1[c] * actual[c];
        all_hits += hits[c];
        all_predicted += predicted[c];
        all_actual += actual[c];
    }
    made.weighted_f1 = share(made.weighted_f1, all_actual);
    made.micro_f1 = share(2 * all_hits, all_predicted + all_actual);
    return made;
}
}  // namespace detail

/// Of each class of a confusion matrix.
///
/// Shape   counts [C, C], row i the label, column j the prediction
/// Errors  shape_error where it is not square
/// Source  van Rijsbergen 1979
template <class Counts>
class_scores precision_recall_f1(const Counts& counts) {
    if (counts.dimension() != 2 || counts.shape()[0] != counts.shape()[1]) throw shape_error("xgrad::precision_recall_f1(counts): counts are not [C, C]. Fix: pass confusion_matrix(scores, labels).");
    const std::size_t width = detail::rows_of(counts);
    std::vector<double> hits(width), predicted(width), actual(width);
    for (std::size_t i = 0; i < width; ++i) {
        hits[i] = static_cast<double>(counts(i, i));
        for (std::size_t j = 0; j < width; ++j) {
            actual[i] += static_cast<double>(counts(i, j));
            predicted[j] += static_cast<double>(counts(i, j));
        }
    }
    return detail::scores_of_counts(hits, predicted, actual);
}
/// Of labels that are 0 or 1, each a column of its own (multi-label): predicted are those whose score is above `least`, as in binary_accuracy. One
/// column is binary classification, and `f1[0]` its F1.
///
/// Shape   scores, labels (0 or 1) [N], [N, 1] or [N, C]
/// Errors  shape_error where their extents differ; binding_error where a score is NaN or a label neither 0 nor 1
template <class Scores, class Labels>
class_scores precision_recall_f1(const Scores& scores, const Labels& labels, double least = 0.5) {
    constexpr const char* what = "precision_recall_f1";
    detail::check_rank(what, "scores", scores, 1, "[N] or [N, C]");
    detail::check_rank(what, "labels", labels, 1, "[N] or [N, C]");
    detail::check_rows(what, scores, labels);
    const std::size_t width = detail::columns_of(scores);
    if (detail::columns_of(labels) != width)
        throw shape_error(detail::about(what, "axis 1 of scores has ") + std::to_string(width) + ", of labels " + std::to_string(detail::columns_of(labels)) + ". Fix: of one class a row, precision_recall_f1(confusion_matrix(scores, labels)).");
    std::vector<double> hits(width), predicted(width), actual(width);
    for (std::size_t r = 0; r < detail::rows_of(scores); ++r)
        for (std::size_t c = 0; c < width; ++c) {
            const auto score = static_cast<double>(detail::number_at(scores, r, c));
            const auto label = detail::number_at(labels, r, c);
            detail::check_zero_or_one(what, r, label);
            if (std::isnan(score)) detail::refuse_nan(what, r);
            hits[c] += score > least && label == 1;
            predicted[c] += score > least;
            actual[c] += label == 1;
        }
    return detail::scores_of_counts(hits, predicted, actual);
}

}  // namespace xgrad
