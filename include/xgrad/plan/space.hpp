// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/plan/body.hpp>
#include <xgrad/ops/copy.hpp>
#include <xgrad/rewrite/expand.hpp>

namespace xgrad {

/// For each axis of one tensor the axis of another, or -1.
using axis_map = std::array<std::int8_t, max_rank>;
inline constexpr axis_map no_axes = {-1, -1, -1, -1, -1, -1};

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
constexpr operand_view view_of(const graph& g, int n, int k) {
    const shape& space = iteration_shape(g, n);
    int operand = g.operand(n, k);
    const shape& s = g.shape_of(operand);
    const bool leading = g[n].op->kind == op_kind::gather || g[n].op->kind == op_kind::generate;
    operand_view view;
    for (int i = 0; i < space.rank; ++i) {
        const int axis = leading ? i : i - (space.rank - s.rank);
        if (axis >= 0 && axis < s.rank && !s[axis].is_one()) view.axes[static_cast<std::size_t>(i)] = static_cast<std::int8_t>(axis);
    }
    if (g[operand].op->kind == op_kind::movement) {
        const axis_map source = g[operand].attr.source;
        operand = g.operand(operand, 0);
        for (std::int8_t& axis : view.axes)
            if (axis >= 0) axis = source[static_cast<std::size_t>(axis)];
        for (std::int8_t& axis : view.axes)
            if (axis >= 0 && g.shape_of(operand)[axis].is_one()) axis = -1;
    }
    view.node = operand;
    return view;
}

/// The axes of n's own result within its iteration shape: a reduction drops the reduced ones.
constexpr axis_map result_axes(const graph& g, int n, const axis_map& iteration) {
    const value_node& node = g[n];
    if (node.op->kind != op_kind::reduction) return iteration;  // pick: the leading axes, as they stand
    axis_map result = no_axes;
    int place = 0;
    for (int i = 0; i < iteration_shape(g, n).rank; ++i)
        if (!(node.attr.axes >> i & 1u)) result[static_cast<std::size_t>(place++)] = iteration[static_cast<std::size_t>(i)];
    return result;
}

constexpr bool is_scalar(const graph& g, int n) { return g.shape_of(n).rank == 0; }

}  // namespace xgrad
