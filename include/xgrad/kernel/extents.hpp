// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/error.hpp>
#include <xgrad/kernel/plan_view.hpp>

#include <string_view>
#include <utility>

namespace xgrad::kernel {

/// The sizes of named axes in one call.
class axis_sizes {
public:
    /// The size bound to a name, or -1.
    std::ptrdiff_t find(const axis_name* name) const {
        for (std::size_t i = 0; i < count_; ++i)
            if (names_[i] == name) return sizes_[i];
        return -1;
    }
    const axis_name* add(const axis_name* name, std::ptrdiff_t size) {
        if (count_ == capacity) throw shape_error("xgrad: more than 16 named axes in one formula");
        names_[count_] = name;
        sizes_[count_++] = size;
        return name;
    }
    std::ptrdiff_t operator[](const extent& e) const { return e.is_dynamic() ? find(e.name) : static_cast<std::ptrdiff_t>(e.size); }
    /// As a list of pairs. (A template, so that only programs that measure compile it.)
    template <class List>
    List list() const {
        List made;
        for (std::size_t i = 0; i < count_; ++i) made.emplace_back(names_[i]->text, sizes_[i]);
        return made;
    }
    friend bool operator==(const axis_sizes& a, const axis_sizes& b) {
        if (a.count_ != b.count_) return false;
        for (std::size_t i = 0; i < a.count_; ++i)
            if (a.find(b.names_[i]) != b.sizes_[i]) return false;
        return true;
    }

private:
    static constexpr std::size_t capacity = 16;
    std::array<const axis_name*, capacity> names_{};
    std::array<std::ptrdiff_t, capacity> sizes_{};
    std::size_t count_ = 0;
};

/// Where the elements of a tensor lie, and what a kernel walks, once extents are known.
class call_maker {
public:
    const plan_view& plan;
    const axis_sizes& sizes;

    static std::size_t at(std::integral auto i) { return static_cast<std::size_t>(i); }

    std::ptrdiff_t elements(const shape& s) const { return stride(s, -1); }
    /// Elements between neighbours along one axis.
    std::ptrdiff_t stride(const shape& s, int axis) const {
        std::ptrdiff_t n = 1;
        for (int i = axis + 1; i < s.rank; ++i) n *= sizes[s[i]];
        return n;
    }

    /// Every axis that arrays have, kernels walk or numbers count has a size. (Steps of a loop without elements, say, that no array has.)
    XGRAD_RARELY void check_sizes() const {
        for (const buffer& b : plan.buffers) {
            if (b.kind == buffer_kind::extent && sizes.find(b.axis) < 0) refuse_axis(b.axis);
            if (!b.unread) check_sizes(b.extents);
        }
        for (const step& s : plan.steps) check_sizes(s.space);
    }
    XGRAD_RARELY void check_sizes(const shape& s) const {
        for (int i = 0; i < s.rank; ++i)
            if (sizes[s[i]] < 0) refuse_axis(s[i].name);
    }
    [[noreturn]] XGRAD_RARELY static void refuse_axis(const axis_name* axis) {
        throw shape_error("xgrad: axis '" + std::string(axis->text) + "' has no size: no array that is bound has this axis. Fix: give the loop or the broadcast an input with it.");
    }
    /// The axis of an array that is axis `place` of a kernel's space, where the first axes of both are the same; spaces leave out those of extent 1.
    static int axis_of_space(const shape& s, int place) {
        int axis = 0;
        for (; axis < s.rank; ++axis)
            if (!s[axis].is_one() && place-- == 0) break;
        return axis;
    }
    /// A call without addresses. `operands` has room for those of the step. Of the first `walked` axes it is made for one place.
    XGRAD_RARELY call make(const step& s, operand* operands, int walked = 0) const {
        call c;
        if (s.kind == step_kind::guard) return c;
        c.run = plan.kernels[s.body];
        c.operands = operands;
        if (s.kind == step_kind::whole) {
            fill_whole(s, c, walked);
        } else {
            fill_rows(s, c, walked);
            if (s.kind == step_kind::contraction) fill_product(s, c, walked);
        }
        return c;
    }

private:
    const shape& extents_of(const access& from) const { return plan.buffers[at(from.buffer)].extents; }

    /// Rows and columns, and how each operand lies along them. Axes walked as one keep the strides of their last.
    XGRAD_RARELY void fill_rows(const step& s, call& c, int walked) const {
        const int rank = s.space.rank, first_column = rank - s.column_axes;
        std::array<int, max_rank> row_axis{};
        std::ptrdiff_t extent_so_far = 1;
        for (int p = 0; p < rank; ++p) {
            extent_so_far *= p < walked ? 1 : sizes[s.space[p]];
            const bool goes_on = p + 1 < rank && (s.joined >> p & 1u);
            if (p >= first_column) {
                if (!goes_on) c.columns = extent_so_far;
            } else if (!goes_on || p + 1 == first_column) {
                row_axis[at(c.row_axes)] = p;
                c.row_extents[at(c.row_axes++)] = extent_so_far;
                c.rows *= extent_so_far;
                extent_so_far = 1;
            }
        }
        c.leading = rank > 0 && walked == 0 ? sizes[s.space[0]] : 1;
        for (int a = 0; a < s.access_count; ++a) {
            const access& from = plan.accesses[at(s.first_access + a)];
            const shape& extents = extents_of(from);
            const auto stride_along = [&](int place) { return from.axes[at(place)] < 0 ? 0 : stride(extents, from.axes[at(place)]); };
            operand& to = c.operands[a];
            to = operand{};
            to.elements = elements(extents);
            for (int j = 0; j < walked; ++j)
                if (from.axes[at(j)] >= 0) to.elements /= sizes[s.space[j]];
            for (int r = 0; r < c.row_axes; ++r) to.row_strides[at(r)] = stride_along(row_axis[at(r)]);
            if (rank == 0) continue;
            to.column_stride = stride_along(rank - 1);
            to.leading_stride = stride_along(0);
        }
    }
    /// An op with a loop of its own: for each array its extents, in the place of strides. The columns are a line of its scratch.
    XGRAD_RARELY void fill_whole(const step& s, call& c, int walked) const {
        for (int a = 0; a < s.access_count; ++a) {
            const access& from = plan.accesses[at(s.first_access + a)];
            const shape& extents = extents_of(from);
            operand& to = c.operands[a];
            to = operand{};
            to.elements = elements(extents);
            for (int i = 0; i < extents.rank; ++i) to.row_strides[at(i)] = sizes[extents[i]];
            if (from.axes[0] != 0) continue;
            if (walked == 0) to.leading_stride = stride(extents, 0);
            for (int j = 0; j < walked; ++j) {
                to.row_strides[at(j)] = 1;
                to.elements /= sizes[extents[j]];
            }
        }
        const shape& first = extents_of(plan.accesses[at(s.first_access)]);
        c.columns = sizes[first[first.rank - 1]];
        c.leading = c.rows = c.row_extents[0] = walked > 0 ? 1 : sizes[s.space[0]];
        c.row_axes = 1;
    }

    /// A side of a product: its last two axes, exchanged where it is read so, and how far neighbours along them are apart.
    struct side {
        std::ptrdiff_t rows, columns, row_stride, column_stride;
    };
    XGRAD_RARELY side side_of(const shape& s, bool transposed) const {
        const std::ptrdiff_t columns = sizes[s[s.rank - 1]], rows = s.rank > 1 ? sizes[s[s.rank - 2]] : 1;
        return transposed ? side{columns, rows, 1, columns} : side{rows, columns, columns, 1};
    }
    XGRAD_RARELY void fill_product(const step& s, call& c, int walked) const {
        const shape &a = plan.buffers[at(s.left)].extents, &b = plan.buffers[at(s.right)].extents;
        const int first_axis = walked > 0 ? axis_of_space(a, walked - 1) + 1 : 0;
        const auto places_before = [&](int last_axes) {
            std::ptrdiff_t n = 1;
            for (int i = first_axis; i < a.rank - last_axes; ++i) n *= sizes[a[i]];
            return n;
        };
        side left = side_of(a, s.left_transposed || s.rows_are_summed);
        const side right = side_of(b, s.right_transposed);
        if (s.rows_are_summed) {
            left.columns = places_before(1);  // all axes but the last are the depth
        } else if (!s.left_transposed && first_axis > a.rank - 2) {
            left.rows = 1;  // a loop walks along the rows
        }
        contraction_call& p = c.product;
        p.rows = left.rows;
        p.depth = left.columns;
        p.columns = right.columns;
        p.left_row = left.row_stride;
        p.left_depth = left.column_stride;
        p.right_depth = right.row_stride;
        p.right_column = right.column_stride;
        if (!s.rows_are_summed) {
            p.batches = places_before(2);
            p.left_batch = p.rows * p.depth;
            p.right_batch = b.rank > 2 ? p.depth * p.columns : 0;
            if (b.rank == 2 && !s.left_transposed) {  // every leading axis is one long list of rows
                p.rows *= p.batches;
                p.batches = 1;
            }
        }
        c.contracts = true;
        c.rows_are_summed = s.rows_are_summed;
        if (p.batches > 1 && p.rows == 1 && p.columns == 1) return walk_batches(s, c);
        const bool one_column = b[b.rank - (s.right_transposed ? 2 : 1)].is_one();
        if (one_column || (p.columns == 1 && c.rows == 1)) swap_sides(c, one_column);
    }
    /// Rows times columns, one number each: the axis of the batches that would be the columns is one more axis of rows.
    XGRAD_RARELY void walk_batches(const step& s, call& c) const {
        for (const store& k : plan.stores_of(s))
            if (k.how == storing::scalar) throw shape_error("xgrad: a batch of products of one row and one column, summed over its only axis. Fix: write sum(a * b) instead of the product.");
        for (int a = 0; a < s.access_count; ++a) c.operands[a].row_strides[at(c.row_axes)] = c.operands[a].column_stride;
        c.row_extents[at(c.row_axes++)] = c.columns;
        c.rows *= c.columns;
        c.columns = 1;
    }
    /// A result of one column is computed as one row: left and right change places.
    XGRAD_RARELY static void swap_sides(call& c, bool one_column) {
        contraction_call& p = c.product;
        std::swap(p.rows, p.columns);
        std::swap(p.left_batch, p.right_batch);
        std::swap(p.left_row, p.right_column);
        std::swap(p.left_depth, p.right_depth);
        c.sides_swapped = true;
        p.one_column = one_column;
        if (c.rows > 1 && p.batches == 1) {  // several leading axes: one row of the result each
            p.batches = c.rows;
            p.columns /= c.rows;
            p.right_batch = p.columns * p.right_column;
            p.left_batch = 0;
        }
    }
};

}  // namespace xgrad::kernel
