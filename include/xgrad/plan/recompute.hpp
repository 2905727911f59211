// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/graph/graph.hpp>

namespace xgrad {

/// Operations in the time in which memory moves one element: two a byte, what caches of today give one core. A heavy op takes
/// about as long as writing and reading its result: it is never computed again.
inline constexpr int transfer = 8, never = 1 << 20;

/// The operations an element that it takes to compute n again in a group, where what is smaller than n costs nothing.
template <class Grouping>
constexpr int cost_again(const Grouping& plan, int n, int rank, int group, int depth) {
    const graph& g = plan.g;
    int cost = 1;
    for (int k = 0; k < g[n].arity; ++k) {
        const int operand = g.behind(g.operand(n, k));
        if (plan.find(group, operand) || g.shape_of(operand).rank == 0) continue;
        if (plan.is_leaf(operand) || plan.stored[static_cast<std::size_t>(operand)]) {
            cost += g.shape_of(operand).rank < rank ? 0 : transfer;
        } else if (depth > 0 && plan.waits(operand)) {
            cost += cost_again(plan, operand, rank, group, depth - 1);
        } else {
            return never;
        }
    }
    return cost;
}
/// Save or recompute: whether computing n again costs no more than reading it from memory, where writing it counts too
/// unless somebody has it written anyway.
template <class Grouping>
constexpr bool is_cheaper_again(const Grouping& plan, int n, int group) {
    return cost_again(plan, n, plan.g.shape_of(n).rank, group, 3) <= (plan.stored[static_cast<std::size_t>(n)] ? transfer : 2 * transfer);
}

}  // namespace xgrad
