// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/array.hpp>
#include <xgrad/kernel/error.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace xgrad {

namespace detail {
/// Number (r, c) of an array [N, C], number r of one [N]: through its own strides, so of any layout, of views and expressions, and also
/// where the rank is known only when the program runs.
template <class A>
auto number_at(const A& a, std::size_t r, std::size_t c) {
    if constexpr (!requires { std::tuple_size<typename A::shape_type>::value; }) {
        return a.dimension() == 1 ? a(r) : a(r, c);
    } else if constexpr (std::tuple_size<typename A::shape_type>::value == 1) {
        return a(r);
    } else {
        return a(r, c);
    }
}
/// Row r of an array [N] or [N, 1], or of a vector.
template <class A>
auto number_of_row(const A& a, std::size_t r) {
    if constexpr (array_like<A>) {
        return number_at(a, r, 0);
    } else {
        return a[r];
    }
}
template <class A>
std::size_t rows_of(const A& a) {
    return static_cast<std::size_t>(a.shape()[0]);
}
template <class A>
std::size_t columns_of(const A& a) {
    return a.dimension() == 1 ? 1 : static_cast<std::size_t>(a.shape()[1]);
}

/// The start of a message about `name`, "scores" or "labels", of a metric.
inline std::string about(const char* what, const char* name) { return "xgrad::" + std::string(what) + "(scores, labels): " + name; }
template <class A>
void check_rank(const char* what, const char* name, const A& a, std::size_t least, const char* wanted) {
    if (a.dimension() < least || a.dimension() > 2) throw shape_error(about(what, name) + ": rank " + std::to_string(a.dimension()) + ", wanted " + wanted + ". Fix: reshape the array.");
}
/// One number a row, [N] or [N, 1].
template <class A>
void check_one_a_row(const char* what, const char* name, const A& a, const char* fix) {
    check_rank(what, name, a, 1, "[N] or [N, 1]");
    if (columns_of(a) != 1) throw shape_error(about(what, name) + ", axis 1 has " + std::to_string(columns_of(a)) + ", wanted 1. Fix: " + fix);
}
template <class Scores, class Labels>
void check_rows(const char* what, const Scores& scores, const Labels& labels) {
    if (rows_of(scores) != rows_of(labels))
        throw shape_error(about(what, "axis 0 of scores has ") + std::to_string(rows_of(scores)) + ", of labels " + std::to_string(rows_of(labels)) + ". Fix: give one label a row.");
}
/// One label a row of scores.
template <class Scores, class Labels>
void check_labels(const char* what, const Scores& scores, const Labels& labels) {
    check_one_a_row(what, "labels", labels, "give one label a row; of one-hot rows that is predicted_classes(labels).");
    check_rows(what, scores, labels);
}
[[noreturn]] inline void refuse_nan(const char* what, std::size_t r) {
    throw binding_error(about(what, "the score of row ") + std::to_string(r) + " is NaN. Fix: check the model and what it was given.");
}
template <class Label>
void check_zero_or_one(const char* what, std::size_t r, const Label& label) {
    if (!(label == 0 || label == 1)) throw binding_error(about(what, "the label of row ") + std::to_string(r) + " is " + std::to_string(label) + ", not 0 or 1.");
}
/// One score and one label, 0 or 1, a row; no score is NaN. Returns how many labels are 1.
template <class Scores, class Labels>
std::size_t check_binary(const char* what, const Scores& scores, const Labels& labels) {
    check_one_a_row(what, "scores", scores, "give one score and one label a row: take the column of the class asked for.");
    check_labels(what, scores, labels);
    std::size_t positive = 0;
    for (std::size_t r = 0; r < rows_of(labels); ++r) {
        check_zero_or_one(what, r, number_of_row(labels, r));
        if (std::isnan(static_cast<double>(number_of_row(scores, r)))) refuse_nan(what, r);
        positive += number_of_row(labels, r) == 1;
    }
    return positive;
}
/// A share; `otherwise` where there is nothing to share.
inline double share(double part, double whole, double otherwise = 0) { return whole > 0 ? part / whole : otherwise; }
}  // namespace detail

}  // namespace xgrad
