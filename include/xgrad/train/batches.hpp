// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/array.hpp>
#include <xgrad/kernel/error.hpp>
#include <xgrad/train/random.hpp>

#include <numeric>
#include <string>
#include <tuple>
#include <vector>

namespace xgrad {

/// Batches in the order of the rows, not shuffled.
struct in_order_t {};
inline constexpr in_order_t in_order{};

/// `auto data = xg::batches(32, X, Y); for (auto [xb, yb] : data)`: rows in batches of 32, shuffled anew each time the loop starts, the last batch
/// with what is left. (Keep the range outside the loop over epochs: a new one
/// starts with the same shuffle.) Arrays agree in their first axis; rows are copied to buffers that are allocated once.
template <class... Array>
class batch_range {
    template <class A>
    using held = tensor<std::remove_cv_t<typename A::value_type>, std::tuple_size<typename A::shape_type>::value>;

public:
    batch_range(std::size_t size, seed s, bool shuffled, const Array&... arrays) : size_(size), random_{s.value}, shuffled_(shuffled), arrays_(arrays...) {
        const std::array<std::size_t, sizeof...(Array)> rows{arrays.shape()[0]...};
        if (size == 0) throw shape_error("xgrad::batches: a batch has at least 1 row.");
        const std::array<bool, sizeof...(Array)> plain{kernel::is_contiguous(arrays)...};
        for (std::size_t k = 0; k < rows.size(); ++k) {
            if (!plain[k]) kernel::refuse_shape({"xgrad::batches: array ", k, " is not row-major and contiguous. Fix: copy it into an xgrad::tensor first."});
            if (rows[k] == 0) kernel::refuse_shape({"xgrad::batches: array ", k, " has 0 rows. Fix: load the data first."});
            if (rows[k] != rows[0])
                kernel::refuse_shape({"xgrad::batches: array ", k, ", axis 0 has ", rows[k], " rows, but array 0 has ", rows[0], ". Fix: every array has one row a sample."});
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
    /// Batches a pass.
    std::size_t count() const { return (order_.size() + size_ - 1) / size_; }

private:
    std::size_t size_;
    random_stream random_;
    bool shuffled_;
    std::uint64_t drawn_ = 0;
    std::tuple<const Array&...> arrays_;
    std::vector<std::size_t> order_;
    std::tuple<held<Array>...> whole_, last_;

    template <class To, class From>
    static void resize(To& to, const From& from, std::size_t rows) {
        auto extents = to.shape();
        for (std::size_t a = 0; a < extents.size(); ++a) extents[a] = a == 0 ? rows : from.shape()[a];
        to.resize(extents);
    }
    void shuffle() {
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
    requires array_in_memory<First>
auto batches(std::size_t size, First& first, Array&... rest) {
    return batch_range<std::remove_const_t<First>, std::remove_const_t<Array>...>(size, seed{0}, true, first, rest...);
}
template <class... Array>
auto batches(std::size_t size, seed s, Array&... arrays) {
    return batch_range<std::remove_const_t<Array>...>(size, s, true, arrays...);
}
template <class... Array>
auto batches(std::size_t size, in_order_t, Array&... arrays) {
    return batch_range<std::remove_const_t<Array>...>(size, seed{0}, false, arrays...);
}

}  // namespace xgrad
