// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/expr/leaf.hpp>
#include <xgrad/train/metrics/checks.hpp>

#include <cstdint>

namespace xgrad::detail {

/// A row of scores that counts, and its label.
struct labelled_row {
    std::size_t row;
    std::int64_t label;
};

/// Scores [S..., C], one a class, and the labels [S...] or [S..., 1] that go with them: row after row, however the arrays lie.
template <class T>
class class_rows {
public:
    template <class Scores>
    class_rows(const char* what, const Scores& scores)
        : what_(what), extents_(scores.shape().begin(), scores.shape().end()), numbers_(scores.template begin<xt::layout_type::row_major>(), scores.template end<xt::layout_type::row_major>()) {
        if (extents_.size() < 2) throw shape_error(about(what, "scores") + ": rank " + std::to_string(extents_.size()) + ", wanted [N, C]. Fix: reshape the array.");
        classes_ = extents_.back();
        extents_.pop_back();
        if (classes_ < 2)
            throw shape_error(about(what, "scores, axis ") + std::to_string(extents_.size()) + " has " + std::to_string(classes_) + ", wanted at least 2, one a class. Fix: of one score a row, binary_accuracy or precision_recall_f1.");
    }
    std::size_t count() const { return numbers_.size() / classes_; }
    std::size_t classes() const { return classes_; }
    T operator()(std::size_t row, std::size_t c) const { return numbers_[row * classes_ + c]; }
    /// The class with the largest score of a row, the first of equal ones.
    std::size_t best(std::size_t row) const {
        std::size_t made = 0;
        for (std::size_t c = 0; c < classes_; ++c) {
            if (std::isnan(static_cast<double>((*this)(row, c)))) refuse_nan(what_, row);
            if ((*this)(row, c) > (*this)(row, made)) made = c;
        }
        return made;
    }
    /// The rows whose label is none to ignore.
    template <class Labels, std::int64_t... Ignored>
    std::vector<labelled_row> labelled(const Labels& labels, ignored_label<Ignored>...) const {
        check_extents(labels);
        std::vector<labelled_row> made;
        std::size_t row = 0;
        for (auto it = labels.template begin<xt::layout_type::row_major>(); it != labels.template end<xt::layout_type::row_major>(); ++it, ++row) {
            const std::int64_t label = whole(*it, row);
            if (!((label == Ignored) || ...)) made.push_back({row, label});
        }
        return made;
    }

private:
    const char* what_;
    std::vector<std::size_t> extents_;  ///< without the classes
    std::vector<T> numbers_;
    std::size_t classes_ = 0;

    template <class Labels>
    void check_extents(const Labels& labels) const {
        const std::size_t rank = extents_.size();
        const auto extent = [&](std::size_t a) { return static_cast<std::size_t>(labels.shape()[a]); };
        if (labels.dimension() != rank && labels.dimension() != rank + 1)
            throw shape_error(about(what_, "labels") + ": rank " + std::to_string(labels.dimension()) + ", wanted " + (rank == 1 ? "[N] or [N, 1]" : std::to_string(rank) + ", the axes of scores but the last") + ". Fix: reshape the array.");
        if (labels.dimension() > rank && extent(rank) != 1)
            throw shape_error(about(what_, "labels, axis ") + std::to_string(rank) + " has " + std::to_string(extent(rank)) + ", wanted 1. Fix: give one label a row; of one-hot rows that is predicted_classes(labels).");
        for (std::size_t a = 0; a < rank; ++a)
            if (extent(a) != extents_[a])
                throw shape_error(about(what_, "axis ") + std::to_string(a) + " of scores has " + std::to_string(extents_[a]) + ", of labels " + std::to_string(extent(a)) + ". Fix: give one label a row.");
    }
    /// A label, of any type, as the whole number that it must be.
    template <class Label>
    std::int64_t whole(Label label, std::size_t row) const {
        if constexpr (!std::is_integral_v<Label>) {
            if (!(label == std::floor(label) && std::abs(label) < 0x1p31)) throw binding_error(about(what_, "the label of row ") + std::to_string(row) + " is " + std::to_string(label) + ", not the number of a class.");
        }
        return static_cast<std::int64_t>(label);
    }
};
template <class Scores>
class_rows(const char*, const Scores&) -> class_rows<std::remove_cv_t<typename Scores::value_type>>;

}  // namespace xgrad::detail
