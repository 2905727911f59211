// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/train/metrics/classes.hpp>

#include <vector>

namespace xgrad {

/// The expected calibration error: rows fall into `bins` of equal width by the probability of their predicted class; the
/// distance between the mean probability and the share that is right, weighted by rows.
///
/// Shape   probabilities [S..., C], labels [S...] or [S..., 1]  ->  a number in [0, 1]
/// Errors  as accuracy; binding_error where a number is not a probability
/// Source  Guo et al., ICML 2017 (15 bins, open on the left)
template <class Probabilities, class Labels, std::int64_t... Ignored>
double calibration_error(const Probabilities& probabilities, const Labels& labels, std::size_t bins = 15, ignored_label<Ignored>... ignored) {
    const detail::class_rows rows("calibration_error", probabilities);
    const auto counted = rows.labelled(labels, ignored...);
    if (bins == 0) throw shape_error("xgrad::calibration_error: there is at least 1 bin.");
    std::vector<double> confidence(bins), right(bins);
    for (const auto& [row, label] : counted) {
        const std::size_t predicted = rows.best(row);
        const auto p = static_cast<double>(rows(row, predicted));
        if (!(p >= 0 && p <= 1)) throw binding_error("xgrad::calibration_error: row " + std::to_string(row) + " has " + std::to_string(p) + ", which is not a probability. Fix: pass softmax(z).");
        const double place = std::ceil(p * static_cast<double>(bins)) - 1;
        const std::size_t bin = place > 0 ? static_cast<std::size_t>(place) : 0;
        confidence[bin] += p;
        right[bin] += static_cast<std::int64_t>(predicted) == label;
    }
    double total = 0;
    for (std::size_t b = 0; b < bins; ++b) total += std::abs(confidence[b] - right[b]);
    return total / static_cast<double>(counted.size());
}
template <class Probabilities, class Labels, std::int64_t Ignored>
double calibration_error(const Probabilities& probabilities, const Labels& labels, ignored_label<Ignored> ignored) {
    return calibration_error(probabilities, labels, 15, ignored);
}

/// e to the mean cross-entropy of a row: among how many equally likely classes the model hesitates.
inline double perplexity(double mean_cross_entropy) { return std::exp(mean_cross_entropy); }

}  // namespace xgrad
