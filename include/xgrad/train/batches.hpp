// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/array.hpp>
#include <xgrad/kernel/error.hpp>
#include <xgrad/train/random.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <string>
#include <tuple>
#include <vector>

namespace xgrad {

/// Batches in the order of the rows, not shuffled.
struct in_order_t {};
inline constexpr in_order_t in_order{};

/// Rows drawn with replacement, each as often as its weight says: `xg::batches(32, xg::weighted(xg::balancing_weights(T)), X, T)`.
/// A pass still takes as many rows as there are. Weights are at least 0, and not all 0.
struct weighted {
    std::vector<double> weights;
    explicit weighted(std::vector<double> w) : weights(std::move(w)) {}
};
/// For each row 1 / (how many rows have its label): drawn by these weights, every class comes equally often.
///
/// Shape   labels [N] or [N, 1]  ->  N weights
template <class Labels>
std::vector<double> balancing_weights(const Labels& labels) {
    std::map<std::int64_t, double> counts;
    for (const auto label : labels) ++counts[static_cast<std::int64_t>(label)];
    std::vector<double> made;
    for (const auto label : labels) made.push_back(1 / counts[static_cast<std::int64_t>(label)]);
    return made;
}

/// `auto data = xg::batches(32, X, Y); for (auto [xb, yb] : data)`: rows in batches of 32, shuffled anew each time the loop starts, the last batch
/// with what is left. (Keep the range outside the loop over epochs: a new one
/// starts with the same shuffle.) Arrays agree in their first axis; rows are copied to buffers that are allocated once.
template <class... Array>
class batch_range {
    template <class A>
    static constexpr bool has_fixed_rank = requires { std::tuple_size<typename A::shape_type>::value; };
    static_assert((has_fixed_rank<Array> && ...), "xgrad::batches: arrays have a fixed rank. Fix: declare them as xt::xtensor<float, 2>, say, not as xt::xarray<float>.");
    static_assert((array_in_memory<Array> && ...), "xgrad::batches: one of these is an expression, not an array that holds its numbers. Fix: declare it as xt::xtensor<float, 2>, say, not as auto.");
    template <class A>
    static constexpr std::size_t rank_of() {
        if constexpr (has_fixed_rank<A>) {
            return std::tuple_size<typename A::shape_type>::value;
        } else {
            return 1;
        }
    }
    template <class A>
    using held = tensor<std::remove_cv_t<typename A::value_type>, rank_of<A>()>;

public:
    batch_range(std::size_t size, seed s, bool shuffled, const Array&... arrays) : size_(size), random_{s.value}, shuffled_(shuffled), arrays_(arrays...) {
        const std::array<std::size_t, sizeof...(Array)> rows{arrays.shape()[0]...};
        if (size == 0) throw shape_error("xgrad::batches: a batch has at least 1 row.");
        const std::array<bool, sizeof...(Array)> plain{kernel::is_contiguous(arrays)...};
        for (std::size_t k = 0; k < rows.size(); ++k) {
            if (!plain[k]) kernel::refuse_shape({"xgrad::batches: array ", k, " is not row-major and contiguous. Fix: copy it into an xgrad::tensor first."});
            if (rows[k] == 0) kernel::refuse_shape({"xgrad::batches: array ", k, " has 0 rows. Fix: load the data first."});
            if (rows[k] != rows[0])
                kernel::refuse_shape({"xgrad::batches: array ", k, ", axis 0 has extent ", rows[k], ", but that of array 0 has ", rows[0], ". Fix: every array has one row a sample."});
        }
        order_.resize(rows[0]);
        std::iota(order_.begin(), order_.end(), std::size_t{0});
        [&]<std::size_t... K>(std::index_sequence<K...>) {
            (resize(std::get<K>(whole_), std::get<K>(arrays_), std::min(size_, order_.size())), ...);
            if (order_.size() % size_) (resize(std::get<K>(last_), std::get<K>(arrays_), order_.size() % size_), ...);
        }(std::index_sequence_for<Array...>{});
    }

    class iterator {
    public:
        iterator(batch_range* range, std::size_t first) : range_(range), first_(first) {}
        auto operator*() const { return range_->batch(first_); }
        iterator& operator++() {
            first_ += range_->size_;
            return *this;
        }
        bool operator!=(const iterator& end) const { return first_ < end.first_; }

    private:
        batch_range* range_;
        std::size_t first_;
    };
    iterator begin() {
        if (shuffled_) shuffle();
        return {this, 0};
    }
    iterator end() { return {this, order_.size()}; }
    /// Draws the rows of each pass by these weights from now on, in place of any given before, and of the rows' order. Where it throws nothing changes.
    void draw_by(const std::vector<double>& weights) {
        if (weights.size() != order_.size())
            throw shape_error("xgrad::batches: " + std::to_string(weights.size()) + " weights for " + std::to_string(order_.size()) + " rows. Fix: give one weight a row.");
        std::vector<double> reached;
        double total = 0;
        for (std::size_t i = 0; i < weights.size(); ++i) {
            if (!(weights[i] >= 0 && std::isfinite(weights[i]))) throw binding_error("xgrad::batches: the weight of row " + std::to_string(i) + " is " + std::to_string(weights[i]) + ".");
            reached.push_back(total += weights[i]);
        }
        if (!(total > 0)) throw binding_error("xgrad::batches: every weight is 0.");
        if (!std::isfinite(total)) throw binding_error("xgrad::batches: the sum of the weights is not finite. Fix: divide them all by the largest.");
        while (reached.size() > 1 && reached[reached.size() - 2] == total) reached.pop_back();  // rows of weight 0 at the end
        reached_ = std::move(reached);
        shuffled_ = true;
    }
    /// Batches a pass.
    std::size_t count() const { return (order_.size() + size_ - 1) / size_; }

private:
    std::size_t size_;
    random_stream random_;
    bool shuffled_;
    std::uint64_t drawn_ = 0;
    std::tuple<const Array&...> arrays_;
    std::vector<std::size_t> order_;
    std::vector<double> reached_;  ///< sums of the weights up to each row, where rows are drawn by weight
    std::tuple<held<Array>...> whole_, last_;

    template <class To, class From>
    static void resize(To& to, const From& from, std::size_t rows) {
        auto extents = to.shape();
        for (std::size_t a = 0; a < extents.size(); ++a) extents[a] = a == 0 ? rows : from.shape()[a];
        to.resize(extents);
    }
    void shuffle() {
        if (!reached_.empty()) {
            // The first row that reaches above u times the total: one of weight 0 reaches no further than the one before it.
            for (std::size_t& row : order_)
                row = static_cast<std::size_t>(std::upper_bound(reached_.begin(), reached_.end() - 1, random_.uniform(drawn_++) * reached_.back()) - reached_.begin());
            return;
        }
        for (std::size_t i = order_.size(); i > 1; --i) std::swap(order_[i - 1], order_[random_.bits(drawn_++) % i]);
    }
    auto batch(std::size_t first) {
        return [&]<std::size_t... K>(std::index_sequence<K...>) {
            const bool whole = order_.size() - first >= std::get<0>(whole_).shape()[0];
            (fill(whole ? std::get<K>(whole_) : std::get<K>(last_), std::get<K>(arrays_), first), ...);
            return std::tuple<const held<Array>&...>(whole ? std::get<K>(whole_) : std::get<K>(last_)...);
        }(std::index_sequence_for<Array...>{});
    }
    template <class To, class From>
    void fill(To& to, const From& from, std::size_t first) {
        const std::size_t rows = to.shape()[0], width = to.size() / rows;
        for (std::size_t r = 0; r < rows; ++r) {
            const auto* row = from.data() + from.data_offset() + order_[first + r] * width;
            std::copy(row, row + width, to.data() + r * width);
        }
    }
};

/// Arrays are kept by reference: name them first, a temporary is refused.
template <class First, class... Array>
    requires array_like<First>
auto batches(std::size_t size, First& first, Array&... rest) {
    return batch_range<std::remove_const_t<First>, std::remove_const_t<Array>...>(size, seed{0}, true, first, rest...);
}
template <class... Array>
auto batches(std::size_t size, seed s, Array&... arrays) {
    return batch_range<std::remove_const_t<Array>...>(size, s, true, arrays...);
}
template <class... Array>
auto batches(std::size_t size, const weighted& w, seed s, Array&... arrays) {
    batch_range<std::remove_const_t<Array>...> range(size, s, true, arrays...);
    range.draw_by(w.weights);
    return range;
}
template <class First, class... Array>
    requires array_like<First>
auto batches(std::size_t size, const weighted& w, First& first, Array&... rest) {
    return batches(size, w, seed{0}, first, rest...);
}
template <class... Array>
auto batches(std::size_t size, in_order_t, Array&... arrays) {
    return batch_range<std::remove_const_t<Array>...>(size, seed{0}, false, arrays...);
}

namespace detail {
template <class A>
concept temporary_array = !std::is_lvalue_reference_v<A> && array_like<std::remove_cvref_t<A>>;
template <class A>
concept way_of_batches = std::is_same_v<std::remove_cvref_t<A>, seed> || std::is_same_v<std::remove_cvref_t<A>, weighted> || std::is_same_v<std::remove_cvref_t<A>, in_order_t>;
template <class A>
concept no_array = !array_like<std::remove_cvref_t<A>> && !way_of_batches<A>;
template <class>
using any_array = tensor<float, 2>;
}  // namespace detail
/// What has no name, or is no array, is refused with a sentence.
template <class... Given>
    requires((detail::temporary_array<Given> || ...) && !(detail::no_array<Given> || ...))
auto batches(std::size_t size, Given&&... given) {
    static_assert(!(detail::temporary_array<Given> || ...),
                  "xgrad::batches(size, X, ...): one of the arrays is a temporary, and the range only refers to its arrays. Fix: name the array first, as in `xt::xtensor<float, 2> X = ...;`.");
    return batches(size, given...);
}
template <class... Given>
    requires(detail::no_array<Given> || ...)
auto batches(std::size_t size, Given&&...) {
    static_assert(!(detail::no_array<Given> || ...), "xgrad::batches: rows are taken from xtensor arrays. Fix: xg::batches(32, X) of an xt::xtensor<float, 2> X; a std::vector v as auto X = xt::adapt(v, {rows, columns}).");
    return batch_range<detail::any_array<Given>...>(size, seed{0}, true, detail::any_array<Given>()...);
}

}  // namespace xgrad
