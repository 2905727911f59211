// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/train/metrics/checks.hpp>

#include <limits>
#include <vector>

namespace xgrad {

namespace detail {
/// What viterbi asks of its arguments, but for the lengths themselves.
template <class Scores, class Pairs, class Lengths, class Start, class End>
void check_viterbi(const Scores& z, const Pairs& pairs, const Lengths& lengths, const Start& start, const End& end) {
    const std::size_t rows = z.shape()[0], labels = z.shape()[2];
    auto refuse = [](const std::string& what, std::size_t a, std::size_t b) { throw shape_error("xgrad::viterbi: " + what + " is " + std::to_string(a) + ", wanted " + std::to_string(b) + "."); };
    for (std::size_t axis = 0; axis < 2; ++axis)
        if (pairs.shape()[axis] != labels) refuse("axis " + std::to_string(axis) + " of 'pairs'", pairs.shape()[axis], labels);
    if (lengths.size() != rows) refuse("the extent of 'lengths'", lengths.size(), rows);
    if (start.size() > 0 && start.size() != labels) refuse("the extent of 'start'", start.size(), labels);
    if (end.size() > 0 && end.size() != labels) refuse("the extent of 'end'", end.size(), labels);
}
}  // namespace detail

/// The label sequence of the highest score in each row, by the scores of linear_chain_crf: z at its labels, `pairs` at neighbours, `start` and `end` at the
/// first and the last. Of equal scores the lower label at the last step where they differ.
///
/// Shape   z [batch, steps, K], pairs [K, K] from, to, lengths [batch] or [batch, 1] steps of each row, start and end [K] or nothing  ->  labels [batch, steps], -1 beyond a row's length
/// Errors  shape_error where extents disagree or a length is not from 0 to steps
/// Source  Viterbi, IEEE Trans. Information Theory 1967
template <class Scores, class Pairs, class Lengths, class Start = std::vector<double>, class End = std::vector<double>>
tensor<std::int64_t, 2> viterbi(const Scores& z, const Pairs& pairs, const Lengths& lengths, const Start& start = {}, const End& end = {}) {
    const std::size_t rows = z.shape()[0], steps = z.shape()[1], labels = z.shape()[2];
    detail::check_viterbi(z, pairs, lengths, start, end);
    auto made = tensor<std::int64_t, 2>::from_shape({rows, steps});
    made.fill(-1);
    std::vector<double> best(labels), before(labels);
    std::vector<std::size_t> came_from(steps * labels);
    for (std::size_t r = 0; r < rows; ++r) {
        const auto given = detail::number_of_row(lengths, r);
        const auto length = static_cast<std::size_t>(given);
        if (!(given >= 0) || length > steps) throw shape_error("xgrad::viterbi: row " + std::to_string(r) + " has length " + std::to_string(given) + " of " + std::to_string(steps) + " steps.");
        if (length == 0) continue;
        for (std::size_t k = 0; k < labels; ++k) best[k] = static_cast<double>(z(r, 0, k)) + (start.size() > 0 ? static_cast<double>(start[k]) : 0);
        for (std::size_t s = 1; s < length; ++s) {
            before.swap(best);
            for (std::size_t k = 0; k < labels; ++k) {
                std::size_t from = 0;
                double highest = -std::numeric_limits<double>::infinity();
                for (std::size_t j = 0; j < labels; ++j)
                    if (const double score = before[j] + static_cast<double>(pairs(j, k)); score > highest) {
                        highest = score;
                        from = j;
                    }
                came_from[s * labels + k] = from;
                best[k] = highest + static_cast<double>(z(r, s, k));
            }
        }
        std::size_t last = 0;
        for (std::size_t k = 0; k < labels; ++k) {
            if (end.size() > 0) best[k] += static_cast<double>(end[k]);
            if (best[k] > best[last]) last = k;
        }
        for (std::size_t s = length; s-- > 0;) {
            made(r, s) = static_cast<std::int64_t>(last);
            if (s > 0) last = came_from[s * labels + last];
        }
    }
    return made;
}

}  // namespace xgrad
