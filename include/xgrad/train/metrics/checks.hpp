// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/array.hpp>
#include <xgrad/kernel/error.hpp>

#include <algorithm>
#include <cmath>
#include <string>

namespace xgrad {

namespace detail {
/// Row r of an array [N] or [N, 1].
template <class A>
auto number_of_row(const A& a, std::size_t r) {
    if constexpr (std::tuple_size<typename A::shape_type>::value == 1) {
        return a(r);
    } else {
        return a(r, 0);
    }
}
template <class Scores, class Labels>
void check_rows(const char* what, const Scores& scores, const Labels& labels) {
    if (scores.shape()[0] != labels.shape()[0])
        throw shape_error("xgrad::" + std::string(what) + "(scores, labels): axis 0 of scores has " + std::to_string(scores.shape()[0]) + ", of labels " +
                          std::to_string(labels.shape()[0]) + ". Fix: give one label a row.");
}
/// One score and one label, 0 or 1, a row; no score is NaN. Returns how many labels are 1.
template <class Scores, class Labels>
std::size_t check_binary(const char* what, const Scores& scores, const Labels& labels) {
    check_rows(what, scores, labels);
    if (scores.size() != scores.shape()[0] || labels.size() != labels.shape()[0])
        throw shape_error("xgrad::" + std::string(what) + "(scores, labels): one score and one label a row, [N] or [N, 1]. Fix: take the column of the class asked for.");
    std::size_t positive = 0;
    for (std::size_t r = 0; r < labels.shape()[0]; ++r) {
        const auto label = number_of_row(labels, r);
        if (!(label == 0 || label == 1)) throw binding_error("xgrad::" + std::string(what) + "(scores, labels): the label of row " + std::to_string(r) + " is " + std::to_string(label) + ", not 0 or 1.");
        if (std::isnan(static_cast<double>(number_of_row(scores, r)))) throw binding_error("xgrad::" + std::string(what) + "(scores, labels): the score of row " + std::to_string(r) + " is NaN.");
        positive += label == 1;
    }
    return positive;
}
/// A share; `otherwise` where there is nothing to share.
inline double share(double part, double whole, double otherwise = 0) { return whole > 0 ? part / whole : otherwise; }
}  // namespace detail

}  // namespace xgrad
