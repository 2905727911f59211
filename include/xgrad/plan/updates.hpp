// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/plan/group.hpp>

namespace xgrad {

/// Elements of a gradient that stays in the first-level cache until its update reads it.
inline constexpr std::int64_t near_elements = 8192;

/// The products that updates of several large arrays are made of, element by element: Adam's gradient makes a parameter and two states. On a
/// register tile such an update would read three arrays and write three in short pieces, far apart; after the product it runs along them, which
/// gains more than the gradient's way through the second cache costs. 1 at those products, and nothing else joins their kernels either.
constexpr growing_array<char> products_of_updates(const graph& g, const growing_array<goal>& goals) {
    constexpr int several = 3;
    growing_array<char> count(g.nodes.size(), 0);
    growing_array<int> seen(g.nodes.size(), -1), open;
    const auto at = [](int i) { return static_cast<std::size_t>(i); };
    for (std::size_t k = 0; k < goals.size(); ++k) {
        if (goals[k].target < 0) continue;
        const shape& s = g.shape_of(goals[k].node);
        std::int64_t elements = 1;
        for (int i = 0; i < s.rank; ++i) elements *= s[i].is_dynamic() ? 0 : s[i].size;
        if (elements <= near_elements) continue;
        open.push_back(goals[k].node);
        while (!open.empty()) {
            const int n = open.back();
            open.pop_back();
            if (seen[at(n)] == static_cast<int>(k) || g.shape_of(n).rank != s.rank) continue;
            seen[at(n)] = static_cast<int>(k);
            if (g[n].op->kind == op_kind::contraction) ++count[at(n)];
            if (g[n].op->kind != op_kind::elementwise) continue;
            for (int i = 0; i < g[n].arity; ++i) open.push_back(g.operand(n, i));
        }
    }
    for (char& n : count) n = n >= several;
    return count;
}

}  // namespace xgrad
