// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/expr/span.hpp>
#include <xgrad/kernel/call.hpp>

namespace xgrad::kernel {

/// A range of what a call walks along: of its outermost axis, its columns, or a product's depth.
struct range {
    std::ptrdiff_t first, count;
};

/// Range i of `parts` nearly equal ones of `extent`, in whole units but for the last.
inline range part_of(std::ptrdiff_t extent, std::ptrdiff_t unit, std::ptrdiff_t parts, std::ptrdiff_t i) {
    const std::ptrdiff_t units = extent / unit;
    const std::ptrdiff_t first = units * i / parts * unit, last = i + 1 == parts ? extent : units * (i + 1) / parts * unit;
    return {first, last - first};
}

/// A call cut down to part of its work, with operands of its own.
template <class T>
class part {
public:
    call c;

    XGRAD_RARELY part(const call& whole, span<operand> operands) : c(whole), operands_(operands) { c.operands = operands_.data(); }

    /// A range of the outermost axis, for one panel after the other: slots that hold one panel stay where they are, sums go on.
    XGRAD_RARELY void take_panel(range r) {
        for (operand& o : operands_) {
            if (!o.panel_bytes) move(o, r.first * o.leading_stride);
            narrow(o, r);
        }
        take_rows(r, c.product.left_stays, c.product.right_stays);
    }
    /// The same for a thread of its own. With `own_slots` it brings its slots that hold one panel.
    XGRAD_RARELY void take_leading(range r, int thread, bool own_slots) {
        for (operand& o : operands_) {
            if (own_slots && o.panel_bytes) {
                o.data = static_cast<std::byte*>(o.data) + thread * o.panel_bytes;
            } else {
                move(o, r.first * o.leading_stride);
            }
            if (o.leading_stride) o.elements = o.elements / c.leading * r.count;
        }
        take_rows(r, false, false);
    }
    /// Sums over the outermost axis go to memory of this part's own.
    XGRAD_RARELY void sum_apart(std::ptrdiff_t i) {
        for (operand& o : operands_)
            if (o.partials) {
                o.data = static_cast<std::byte*>(o.partials) + i * o.partial_bytes;
                o.goes_on = false;
            }
    }
    /// Columns of a product.
    XGRAD_RARELY void take_columns(range r) {
        for (operand& o : operands_) {
            move(o, r.first * o.column_stride);
            if (o.column_stride) o.elements = o.elements / c.columns * r.count;
        }
        contraction_call& p = c.product;
        p.right = static_cast<const T*>(p.right) + r.first * p.right_column;
        if (p.sums) p.sums = static_cast<T*>(p.sums) + r.first;
        p.columns = c.columns = r.count;
    }
    /// A panel of a product's depth, of an axis of `extent` that is its outermost.
    XGRAD_RARELY void take_depth(range r, std::ptrdiff_t extent) {
        contraction_call& p = c.product;
        const std::ptrdiff_t each = p.depth / extent;
        if (!p.left_stays) p.left = static_cast<const T*>(p.left) + r.first * each * p.left_depth;
        if (!p.right_stays) p.right = static_cast<const T*>(p.right) + r.first * each * p.right_depth;
        p.depth = each * r.count;
        p.goes_on = r.first > 0;
        p.unfinished = r.first + r.count < extent;
    }
    /// An operand elsewhere, `elements` further on; its sums go on.
    void move_operand(int which, std::ptrdiff_t elements, bool goes_on) {
        operand& o = operands_[static_cast<std::size_t>(which)];
        move(o, elements);
        o.goes_on = o.goes_on || goes_on;
    }
    /// The two sides of a product, as it is written.
    void move_sides(std::ptrdiff_t left, std::ptrdiff_t right) {
        contraction_call& p = c.product;
        p.left = static_cast<const T*>(p.left) + (c.sides_swapped ? right : left);
        p.right = static_cast<const T*>(p.right) + (c.sides_swapped ? left : right);
    }

private:
    span<operand> operands_;

    static void move(operand& o, std::ptrdiff_t elements) {
        if (elements) o.data = static_cast<T*>(o.data) + elements;
    }
    /// Sums of the rows themselves are complete with the panel, those over its axis go on.
    void narrow(operand& o, range r) const {
        if (o.leading_stride) {
            o.elements = o.elements / c.leading * r.count;
        } else {
            o.goes_on = o.goes_on || r.first > 0;
        }
    }
    XGRAD_RARELY void take_rows(range r, bool left_stays, bool right_stays) {
        if (c.row_axes > 0) {
            c.rows = c.rows / c.leading * r.count;
            c.row_extents[0] = c.row_extents[0] / c.leading * r.count;
        } else {
            c.columns = c.columns / c.leading * r.count;
        }
        if (c.contracts) take_product_rows(r, left_stays, right_stays);
        c.leading = r.count;
    }
    void take_product_rows(range r, bool left_stays, bool right_stays) {
        contraction_call& p = c.product;
        auto cut = [&](std::ptrdiff_t& extent, std::ptrdiff_t left_stride, std::ptrdiff_t right_stride) {
            const std::ptrdiff_t each = extent / c.leading;
            if (!left_stays) p.left = static_cast<const T*>(p.left) + r.first * each * left_stride;
            if (!right_stays) p.right = static_cast<const T*>(p.right) + r.first * each * right_stride;
            if (p.sums) p.sums = static_cast<T*>(p.sums) + r.first * each * (c.sides_swapped ? 1 : p.sums_row);
            extent = each * r.count;
        };
        if (p.batches > 1) {
            cut(p.batches, p.left_batch, p.right_batch);
        } else if (c.sides_swapped) {
            cut(p.columns, 0, p.right_column);
        } else {
            cut(p.rows, p.left_row, 0);
        }
    }
};

}  // namespace xgrad::kernel
