// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/train/metrics/checks.hpp>

#include <numeric>
#include <vector>

namespace xgrad {

/// Precision and recall at each score that occurs, taken as the threshold (at least so much is positive), from the highest down.
struct precision_recall_points {
    std::vector<double> threshold, precision, recall;
};

namespace detail {
/// Calls f(score, rows taken, positives taken) after each group of equal scores, from the highest down.
template <class Scores, class Labels, class F>
void walk_thresholds(const Scores& scores, const Labels& labels, F&& f) {
    std::vector<std::size_t> order(rows_of(scores));
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return number_of_row(scores, a) > number_of_row(scores, b); });
    std::size_t positives = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
        positives += number_of_row(labels, order[i]) == 1;
        const auto score = number_of_row(scores, order[i]);
        if (i + 1 == order.size() || number_of_row(scores, order[i + 1]) != score) f(static_cast<double>(score), i + 1, positives);
    }
}
}  // namespace detail

/// The chance that a positive row scores higher than a negative one, equal scores counting half: the area under the receiver
/// operating characteristic. NaN where one of the two classes is absent.
///
/// Shape   scores, labels (0 or 1) [N] or [N, 1]  ->  a number in [0, 1]
/// Source  Mann and Whitney 1947; Hanley and McNeil 1982
template <class Scores, class Labels>
double roc_auc(const Scores& scores, const Labels& labels) {
    const auto positive = static_cast<double>(detail::check_binary("roc_auc", scores, labels));
    const auto negative = static_cast<double>(detail::rows_of(scores)) - positive;
    double area = 0, rows_before = 0, positives_before = 0;
    detail::walk_thresholds(scores, labels, [&](double, std::size_t rows, std::size_t positives) {
        const double hits = static_cast<double>(positives) - positives_before, misses = static_cast<double>(rows) - rows_before - hits;
        area += misses * (positives_before + hits / 2);
        rows_before = static_cast<double>(rows);
        positives_before = static_cast<double>(positives);
    });
    return area / (positive * negative);
}

/// Shape   scores, labels (0 or 1) [N] or [N, 1]
template <class Scores, class Labels>
precision_recall_points precision_recall_curve(const Scores& scores, const Labels& labels) {
    const auto positive = static_cast<double>(detail::check_binary("precision_recall_curve", scores, labels));
    precision_recall_points made;
    detail::walk_thresholds(scores, labels, [&](double score, std::size_t rows, std::size_t positives) {
        made.threshold.push_back(score);
        made.precision.push_back(static_cast<double>(positives) / static_cast<double>(rows));
        made.recall.push_back(detail::share(static_cast<double>(positives), positive, 1));
    });
    return made;
}

/// The area under the precision-recall curve as a sum of steps: the mean precision at the rows that are positive. What a random order
/// reaches is the share of positives, so it says more than roc_auc where these are few. 0 where there is none.
///
/// Shape   scores, labels (0 or 1) [N] or [N, 1]  ->  a number in [0, 1]
template <class Scores, class Labels>
double average_precision(const Scores& scores, const Labels& labels) {
    const auto positive = static_cast<double>(detail::check_binary("average_precision", scores, labels));
    double total = 0, before = 0;
    detail::walk_thresholds(scores, labels, [&](double, std::size_t rows, std::size_t positives) {
        total += (static_cast<double>(positives) - before) * static_cast<double>(positives) / static_cast<double>(rows);
        before = static_cast<double>(positives);
    });
    return detail::share(total, positive);
}

}  // namespace xgrad
