// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/whole.hpp>

#include <bit>
#include <cstdint>

/// Updates of those rows of a table alone that a batch reads (train/touched_rows.hpp): a list of rows, what is added up for each, and the
/// rows written back. No formula of a user's has these ops; nothing here takes longer where the table has more rows.
namespace xgrad {

namespace detail {
/// Where rows stand in a list of different ones.
class row_places {
public:
    static constexpr std::ptrdiff_t slots(std::ptrdiff_t rows) { return static_cast<std::ptrdiff_t>(std::bit_ceil(2 * static_cast<std::uint64_t>(rows))); }
    static constexpr std::ptrdiff_t bytes(std::ptrdiff_t rows) { return slots(rows) * static_cast<std::ptrdiff_t>(sizeof(std::int32_t)); }

    /// `memory` has the bytes for so many rows.
    row_places(void* memory, std::ptrdiff_t rows) : places_(static_cast<std::int32_t*>(memory)), last_(slots(rows) - 1) { std::fill_n(places_, last_ + 1, -1); }
    /// The place of a row in the list, or -1; where it is not there, `otherwise` is noted as its place.
    template <class T>
    std::ptrdiff_t find(const T* list, T row, std::ptrdiff_t otherwise = -1) {
        constexpr std::uint64_t spread = 0x9e3779b97f4a7c15u;
        std::ptrdiff_t slot = static_cast<std::ptrdiff_t>(static_cast<std::uint64_t>(row) * spread >> 32) & last_;
        for (; places_[slot] >= 0; slot = (slot + 1) & last_)
            if (list[places_[slot]] == row) return places_[slot];
        places_[slot] = static_cast<std::int32_t>(otherwise);
        return -1;
    }
    /// Notes all of a list; what is negative is no row.
    template <class T>
    void take(const T* list, std::ptrdiff_t count) {
        for (std::ptrdiff_t k = 0; k < count; ++k)
            if (list[k] >= 0) find(list, list[k], k);
    }

private:
    std::int32_t* places_;
    std::ptrdiff_t last_;
};
}  // namespace detail

/// What they share: they come after all derivatives.
template <int N>
struct row_update : whole<N> {
    static constexpr bool lanes_of_double = false;
    static constexpr auto pullback(auto g, auto, auto... x) { return std::tuple{refuse(g, x)...}; }
    static constexpr auto tangent(auto y, auto...) { return refuse(y, y); }

private:
    static constexpr auto refuse(auto g, auto) {
        if (g.index >= 0) throw "xgrad: the update of a training step has no derivative";
        return g;
    }
};

/// touched_rows(t): every row among the labels once, in the order in which they come first, and -1 in the places that are left over.
///
/// Shape       t [S...]  ->  [S...]
struct touched_rows_op : row_update<1> {
    static constexpr std::string_view name = "touched_rows";
    static constexpr shape_result shape_rule(const attributes&, const shape* operands, int) { return {operands[0]}; }

    template <class T, class L>
    static std::ptrdiff_t scratch_bytes(const whole_call<T, 1>& call, L) {
        return detail::row_places::bytes(call[0].elements());
    }
    template <class T, class L>
    static void run(const whole_call<T, 1>& call, L) {
        const std::ptrdiff_t labels = call[0].elements();
        detail::row_places places(call.scratch, labels);
        T* const list = call.result.data;
        std::ptrdiff_t count = 0;
        for (std::ptrdiff_t r = 0; r < labels; ++r) {
            const T row = call[0].data[r];
            if (row < 0 || places.find(list, row, count) >= 0) continue;
            list[count++] = row;
        }
        std::fill(list + count, list + labels, T{-1});
    }
};

/// rows_without(rows, others): the rows, -1 in the place of each that is among the others.
///
/// Shape       rows [S...], others [R...]  ->  [S...]
struct rows_without_op : row_update<2> {
    static constexpr std::string_view name = "rows_without";
    static constexpr shape_result shape_rule(const attributes&, const shape* operands, int) { return {operands[0]}; }

    template <class T, class L>
    static std::ptrdiff_t scratch_bytes(const whole_call<T, 2>& call, L) {
        return detail::row_places::bytes(call[1].elements());
    }
    template <class T, class L>
    static void run(const whole_call<T, 2>& call, L) {
        detail::row_places places(call.scratch, call[1].elements());
        places.take(call[1].data, call[1].elements());
        for (std::ptrdiff_t k = 0; k < call[0].elements(); ++k) {
            const T row = call[0].data[k];
            call.result.data[k] = row < 0 || places.find(call[1].data, row) >= 0 ? T{-1} : row;
        }
    }
};

/// add_at_rows(rows, t, g): the rows of g added up by label, for the rows listed.
///
/// Shape       rows [S...], t [R...], g [R..., D]  ->  [S..., D]
/// Method      one row of g after the other, in the order in which they lie, as add_at_labels does it
struct add_at_rows_op : row_update<3> {
    static constexpr std::string_view name = "add_at_rows";
    static constexpr shape_result shape_rule(const attributes&, const shape* operands, int) {
        shape_result result{operands[0]};
        result.value.push_back(operands[2][operands[2].rank - 1]);
        return result;
    }

    template <class T, class L>
    static std::ptrdiff_t scratch_bytes(const whole_call<T, 3>& call, L) {
        return detail::row_places::bytes(call[0].elements());
    }
    template <class T, class L>
    static void run(const whole_call<T, 3>& call, L) {
        const std::ptrdiff_t labels = call[1].elements(), width = call[2].extent(call[2].rank - 1);
        detail::row_places places(call.scratch, call[0].elements());
        places.take(call[0].data, call[0].elements());
        std::fill_n(call.result.data, call.result.elements(), T{0});
        for (std::ptrdiff_t r = 0; r < labels; ++r) {
            const T row = call[1].data[r];
            const std::ptrdiff_t place = row < 0 ? -1 : places.find(call[0].data, row);
            if (place < 0) continue;
            const T* from = call[2].data + r * width;
            T* to = call.result.data + place * width;
            std::ptrdiff_t i = 0;
            for (; i + L::width <= width; i += L::width) L::store(to + i, L::load(to + i) + L::load(from + i));
            for (; i < width; ++i) to[i] += from[i];
        }
    }
};

/// set_rows(table, rows, x): the table with x in the rows listed. It overwrites the table it reads.
///
/// Shape       table [V, D], rows [S...], x [S..., D]  ->  [V, D]
struct set_rows_op : row_update<3> {
    static constexpr std::string_view name = "set_rows";
    static constexpr bool overwrites_first = true;
    static constexpr shape_result shape_rule(const attributes&, const shape* operands, int) { return {operands[0]}; }

    template <class T>
    static void run(const whole_call<T, 3>& call) {
        const std::ptrdiff_t rows = call[1].elements(), width = call.result.extent(1);
        if (call.result.data != call[0].data) std::copy_n(call[0].data, call.result.elements(), call.result.data);
        for (std::ptrdiff_t k = 0; k < rows; ++k)
            if (const T row = call[1].data[k]; row >= 0) std::copy_n(call[2].data + k * width, width, call.result.data + static_cast<std::ptrdiff_t>(row) * width);
    }
};

}  // namespace xgrad
