// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/plan/space.hpp>

namespace xgrad {

/// A value that must be in memory when the plan has run.
struct goal {
    int node = -1;
    int target = -1;  ///< the leaf or state it is written to, or -1 for a result
};

/// A node that a group computes or reads, with the place of its axes in the group's space.
struct placed {
    int node = -1;
    axis_map axes = no_axes;   ///< result axis -> space axis
    axis_map work = no_axes;   ///< iteration axis -> space axis, of computed nodes
    bool computed = false;
    bool late = false;         ///< a reduction whose result is there only when the kernel ends
};

/// What becomes one kernel: a contraction or none, and the elementwise work and reductions around it; or an op with a loop of its own.
struct group {
    int contraction = -1;  ///< the product, or that op
    bool scalar = false;
    int region = -1;  ///< the loop that runs it step by step
    shape space{};
    int column_axes = 0;  ///< 0: not decided yet
    bool reduces_rows = false;
    int computed = 0;
    growing_array<placed> known{};

    /// Begins the space with the axes of a shape, but for those of extent 1; gives their places.
    constexpr axis_map walk(const shape& s) {
        axis_map places = no_axes;
        for (int i = 0; i < s.rank; ++i) {
            if (s[i].is_one()) continue;
            places.items[i] = static_cast<std::int8_t>(space.rank);
            space.push_back(s[i]);
        }
        return places;
    }
    constexpr const placed* find(int node) const {
        for (const placed& p : known)
            if (p.node == node) return &p;
        return nullptr;
    }
    /// How many axes are reduced, if these are exactly the last of the space; else 0.
    constexpr int trailing(std::uint32_t reduced) const {
        int count = 0;
        while (count < space.rank && (reduced >> (space.rank - 1 - count) & 1u)) ++count;
        return reduced == (((1u << count) - 1) << (space.rank - count)) ? count : 0;
    }
    /// Several axes can be the columns of one row only where every operand has all of them, side by side and in order, or none. (Axes of
    /// extent 1, which have no place, may stand between them.)
    constexpr bool all_or_none(int columns, const axis_map& axes) const {
        int present = 0;
        for (std::int8_t axis : axes) {
            if (axis >= space.rank - columns) {
                if (axis != space.rank - columns + present) return false;
                ++present;
            } else if (axis >= 0 && present > 0 && present < columns) {
                return false;
            }
        }
        return present == 0 || present == columns;
    }
    constexpr bool walks_as_one(int columns) const {
        if (columns < 2) return true;
        for (const placed& p : known)
            if (!all_or_none(columns, p.computed ? p.work : p.axes)) return false;
        return true;
    }
};

/// Which groups know a node, newest group first: a look-up that does not search the groups.
class membership {
public:
    constexpr void resize(std::size_t nodes) { head_.resize(nodes, -1); }
    constexpr void add(int node, int group, int place) {
        int* link = &head_[static_cast<std::size_t>(node)];
        while (*link >= 0 && entries_[static_cast<std::size_t>(*link)].group > group) link = &entries_[static_cast<std::size_t>(*link)].next;
        const entry made{group, place, *link};
        *link = static_cast<int>(entries_.size());
        entries_.push_back(made);
    }
    /// The place of a node in a group's list, or -1.
    constexpr int place(int node, int group) const {
        for (int e = head_[static_cast<std::size_t>(node)]; e >= 0; e = entries_[static_cast<std::size_t>(e)].next) {
            const entry& found = entries_[static_cast<std::size_t>(e)];
            if (found.group <= group) return found.group == group ? found.place : -1;
        }
        return -1;
    }

private:
    struct entry {
        int group, place, next;
    };
    growing_array<int> head_{};
    growing_array<entry> entries_{};
};

/// A group that computes so many nodes takes no more. (A body numbers its registers in a byte, and some nodes are several instructions.)
inline constexpr int most_instructions = 90;
/// Rows of at most so many columns are computed side by side, one a lane.
inline constexpr std::int64_t short_row = 64;

/// The axes of a group's space that a reduction placed in it reduces.
constexpr std::uint32_t reduced_axes(const graph& g, int n, const axis_map& work) {
    std::uint32_t reduced = 0;
    if (g[n].op->kind == op_kind::reduction)
        for (int i = 0; i < iteration_shape(g, n).rank; ++i)
            if ((g[n].attr.axes >> i & 1u) && work.items[i] >= 0) reduced |= 1u << work.items[i];
    return reduced;
}
/// Whether a group's kernel is a product of few columns. A softmax of its rows in the epilogue would take them one by one: a kernel of rows has
/// as many of them side by side as a vector has lanes.
constexpr bool makes_short_rows(const group& in) {
    return in.contraction >= 0 && in.space.rank > 1 && !in.space[in.space.rank - 1].is_dynamic() && in.space[in.space.rank - 1].size <= short_row;
}
/// A reduction over the columns can be used in the same kernel; a pick out of computed columns is one.
constexpr bool is_row_reduction(const graph& g, const group& in, int n, const axis_map& work) {
    if (g[n].op->kind != op_kind::reduction) return false;
    const int columns = in.trailing(reduced_axes(g, n, work));
    return columns > 0 && (in.column_axes == 0 || in.column_axes == columns) && in.contraction < 0;
}
/// Whether a group can compute n there.
constexpr bool fits(const graph& g, const group& in, int n, const axis_map& work) {
    if (makes_short_rows(in)) {
        const int reduced = in.trailing(reduced_axes(g, n, work));
        if (g[n].op->kind == op_kind::gather || g[n].op->kind == op_kind::generate || (reduced > 0 && reduced < in.space.rank)) return false;
    }
    if (g[n].op->kind == op_kind::gather || g[n].op->kind == op_kind::generate) {
        const int last = iteration_shape(g, n).rank - 1;
        if (work.items[last] != in.space.rank - 1 || in.column_axes > 1) return false;
        return in.contraction < 0 || g[n].op->kind == op_kind::generate;
    }
    if (g[n].op->kind == op_kind::reduction && !is_row_reduction(g, in, n, work)) {
        // Combined row by row at the end: each row of the space must be met once, so n must have every axis of the rows.
        const int columns = in.column_axes ? in.column_axes : 1;
        std::uint32_t used = 0;
        for (int i = 0; i < iteration_shape(g, n).rank; ++i)
            if (work.items[i] >= 0) used |= 1u << work.items[i];
        const std::uint32_t rows = (1u << std::max(0, in.space.rank - columns)) - 1;
        return (used & rows) == rows;
    }
    // A number is written once, not once a row: what it sums up is all that the kernel walks.
    if (g[n].op->kind == op_kind::reduction && g.shape_of(n).rank == 0) return in.trailing(reduced_axes(g, n, work)) == in.space.rank;
    return true;
}

}  // namespace xgrad
