// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/graph/graph.hpp>

namespace xgrad {

/// Numbers made of numbers (1 / batch, Adam's bias corrections) come first, in one kernel, so that nobody waits for them.
constexpr growing_array<char> numbers_of_numbers(const graph& g, const growing_array<char>& needed) {
    growing_array<char> known(g.nodes.size(), 0), made(g.nodes.size(), 0);
    const auto at = [](int i) { return static_cast<std::size_t>(i); };
    for (int n = 0; n < g.size(); ++n) {
        if (!needed[at(n)] || g.shape_of(n).rank != 0) continue;
        known[at(n)] = g[n].op->kind == op_kind::leaf;
        if (g[n].op->kind != op_kind::elementwise) continue;
        bool all = true;
        for (int k = 0; k < g[n].arity; ++k) all = all && known[at(g.operand(n, k))];
        known[at(n)] = made[at(n)] = all;
    }
    return made;
}

/// Sums of little work that arrays wait for come next, with all they are made of: the sum of the weights that a mean divides by. Else the
/// array, whose softmax is at hand only now, would be stored, and read again once the sum is known. Empty where there are none.
constexpr growing_array<char> light_sums(const graph& g, const growing_array<char>& needed, const growing_array<int>& home) {
    growing_array<char> light(g.nodes.size(), 0), early(g.nodes.size(), 0);
    const auto at = [](int i) { return static_cast<std::size_t>(i); };
    bool any = false;
    for (int n = 0; n < g.size(); ++n) {
        if (!needed[at(n)]) continue;
        const op_info& op = *g[n].op;
        const int rank = g.shape_of(n).rank;
        light[at(n)] = op.kind != op_kind::contraction && op.kind != op_kind::whole && (!op.heavy || rank == 0);
        for (int k = 0; k < g[n].arity; ++k) {
            const int operand = g.operand(n, k);
            light[at(n)] = light[at(n)] && light[at(operand)];
            if (rank == 0 || g.shape_of(operand).rank > 0 || !light[at(operand)] || g[operand].op->kind == op_kind::leaf || home[at(operand)] >= 0) continue;
            early[at(operand)] = 1;
            any = true;
        }
    }
    if (!any) return {};
    for (int n = g.size() - 1; n >= 0; --n)
        if (early[at(n)])
            for (int k = 0; k < g[n].arity; ++k) early[at(g.operand(n, k))] = 1;
    return early;
}

}  // namespace xgrad
