// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/plan/body.hpp>
#include <xgrad/ops/copy.hpp>
#include <xgrad/rewrite/expand.hpp>

namespace xgrad {

/// The same number for every axis.
constexpr axis_map every_axis(std::int8_t value) {
    axis_map made{};
    for (std::int8_t& axis : made.items) axis = value;
    return made;
}
inline constexpr axis_map no_axes = every_axis(-1);

/// An operand seen through movements: the node that holds the data, and where its axes are.
struct operand_view {
    int node = -1;
    axis_map axes = no_axes;  ///< iteration axis of the user -> axis of `node`
};

/// The shape an op's work runs over: the operand's for reductions and pick, else its own.
constexpr const shape& iteration_shape(const graph& g, int n) {
    const op_kind kind = g[n].op->kind;
    return g.shape_of(kind == op_kind::reduction || kind == op_kind::gather ? g.operand(n, 0) : n);
}

/// Operand k of node n: iteration axis -> axis of the data behind it. Axes of extent 1 have no place.
/// (Bare subscripts here and in what runs for every node: the compiler evaluates each call.)
constexpr operand_view view_of(const graph& g, int n, int k) {
    const op_kind kind = g[n].op->kind;
    const shape& space = iteration_shape(g, n);
    int operand = g.operand(n, k);
    const shape& s = g.shape_of(operand);
    const int skipped = kind == op_kind::gather || kind == op_kind::generate ? 0 : space.rank - s.rank;
    operand_view view;
    for (int axis = 0; axis < s.rank; ++axis)
        if (s.extents[axis].size != 1) view.axes.items[skipped + axis] = static_cast<std::int8_t>(axis);
    if (g[operand].op->kind == op_kind::movement) {
        const axis_map& source = g[operand].attr.source;
        operand = g.operand(operand, 0);
        const shape& from = g.shape_of(operand);
        for (int i = 0; i < space.rank; ++i) {
            std::int8_t& axis = view.axes.items[i];
            if (axis >= 0) axis = source.items[axis];
            if (axis >= 0 && from.extents[axis].size == 1) axis = -1;
        }
    }
    view.node = operand;
    return view;
}

/// The places of an operand's axes in a group's space, where n's iteration axes have those of `work`.
constexpr axis_map places_of(const graph& g, int n, const operand_view& operand, const axis_map& work) {
    axis_map seen = no_axes;
    const int rank = iteration_shape(g, n).rank;
    for (int i = 0; i < rank; ++i)
        if (operand.axes.items[i] >= 0) seen.items[operand.axes.items[i]] = work.items[i];
    return seen;
}

/// The axes of n's own result within its iteration shape: a reduction drops the reduced ones.
constexpr axis_map result_axes(const graph& g, int n, const axis_map& iteration) {
    const value_node& node = g[n];
    if (node.op->kind != op_kind::reduction) return iteration;  // pick: the leading axes, as they stand
    axis_map result = no_axes;
    int place = 0;
    const int rank = iteration_shape(g, n).rank;
    for (int i = 0; i < rank; ++i)
        if (!(node.attr.axes >> i & 1u)) result.items[place++] = iteration.items[i];
    return result;
}

constexpr bool is_scalar(const graph& g, int n) { return g.shape_of(n).rank == 0; }

}  // namespace xgrad
