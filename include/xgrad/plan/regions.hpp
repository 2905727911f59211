// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/graph/lower.hpp>
#include <xgrad/ops/copy.hpp>

namespace xgrad {

/// The loops of a graph. What a step's states are made from and what they make is one region: its kernels run step after step. Loops that need each
/// other in every step are one region; what only feeds a loop, or only follows from it, is outside and sees all steps at once.
class region_map {
public:
    static constexpr int most_loops = 64;
    growing_array<int> of{};  ///< by node: its region, or -1; empty where there are no loops
    int count = 0;
    growing_array<int> region_of_loop{};  ///< by number in graph::recurrences; -1 where its carry is not needed
    growing_array<int> order{};           ///< nodes as they are placed: all that a region needs before it, the region in one piece

    int open = -1;                        ///< the region whose nodes are placed into groups

    constexpr bool empty() const { return count == 0; }
    constexpr int region(int node) const { return at(node) < of.size() ? of[at(node)] : -1; }
    /// The region of the group that computes a node now. (What is left of a region is computed after it, over all steps at once.)
    constexpr int now(int node) const { return open >= 0 && region(node) == open ? open : -1; }

    constexpr explicit region_map(const graph& graph_) : g(graph_) {}
    constexpr void find(const growing_array<char>& needed) {
        count = 0;
        order = {};
        if (g.recurrences.empty()) return;
        if (g.recurrences.size() > at(most_loops)) throw "xgrad: a formula has more than 64 loops, those of its derivative included";
        of = growing_array<int>(g.nodes.size(), -1);
        find_regions(needed);
        if (count > 0) put_in_order();
    }

private:
    using loops = std::uint64_t;  ///< one bit a loop
    const graph& g;
    static constexpr std::size_t at(int i) { return static_cast<std::size_t>(i); }
    static constexpr loops bit(std::size_t k) { return loops{1} << k; }

    constexpr void find_regions(const growing_array<char>& needed) {
        const std::size_t loop_count = g.recurrences.size();
        growing_array<loops> follows(g.nodes.size(), 0), makes(g.nodes.size(), 0);  // from which carries; for which states
        for (std::size_t k = 0; k < loop_count; ++k) {
            if (!needed[at(g.recurrences[k].carry)]) continue;
            follows[at(g.recurrences[k].carry)] |= bit(k);
            makes[at(g.recurrences[k].next)] |= bit(k);
        }
        for (int n = 0; n < g.size(); ++n)
            if (!is_carry(n))
                for (int k = 0; k < g[n].arity; ++k) follows[at(n)] |= follows[at(g.operand(n, k))];
        for (int n = g.size() - 1; n >= 0; --n)
            if (needed[at(n)] && !is_carry(n))
                for (int k = 0; k < g[n].arity; ++k) makes[at(g.operand(n, k))] |= makes[at(n)];
        // reaches[k]: the states that loop k has a part in, in some later step.
        growing_array<loops> reaches(loop_count, 0);
        for (std::size_t k = 0; k < loop_count; ++k)
            if (needed[at(g.recurrences[k].carry)]) reaches[k] = makes[at(g.recurrences[k].carry)];
        for (bool changes = true; changes;) {
            changes = false;
            for (std::size_t k = 0; k < loop_count; ++k)
                for (std::size_t j = 0; j < loop_count; ++j)
                    if ((reaches[k] & bit(j)) && (reaches[j] & ~reaches[k])) {
                        reaches[k] |= reaches[j];
                        changes = true;
                    }
        }
        region_of_loop = growing_array<int>(loop_count, -1);
        for (std::size_t k = 0; k < loop_count; ++k) {
            if (!needed[at(g.recurrences[k].carry)]) continue;
            for (std::size_t j = 0; j < k && region_of_loop[k] < 0; ++j)
                if ((reaches[k] & bit(j)) && (reaches[j] & bit(k))) region_of_loop[k] = region_of_loop[j];
            if (region_of_loop[k] < 0) region_of_loop[k] = count++;
        }
        for (int r = 0; r < count; ++r) {
            loops members = 0;
            for (std::size_t k = 0; k < loop_count; ++k)
                if (region_of_loop[k] == r) members |= bit(k);
            check_direction(r);
            for (int n = 0; n < g.size(); ++n)
                if (needed[at(n)] && (follows[at(n)] & members) && (makes[at(n)] & members)) of[at(n)] = r;
        }
        for (std::size_t k = 0; k < loop_count; ++k)
            if (region_of_loop[k] >= 0) of[at(g.recurrences[k].carry)] = region_of_loop[k];
    }
    constexpr bool is_carry(int n) const { return g[n].op == &info<carry_op>; }
    constexpr void check_direction(int r) const {
        const recurrence* first = nullptr;
        for (std::size_t k = 0; k < g.recurrences.size(); ++k) {
            if (region_of_loop[k] != r) continue;
            const recurrence& loop = g.recurrences[k];
            if (!first) first = &loop;
            if (loop.backwards != first->backwards || !(g.shape_of(loop.carry)[0] == g.shape_of(first->carry)[0]))
                throw "xgrad: loops that need each other run over different axes or in different directions";
        }
    }

    /// Nodes by level: a region is one level above all that it needs, and what follows from it above that.
    constexpr void put_in_order() {
        growing_array<int> level(g.nodes.size(), 0), of_region(at(count), 0);
        auto level_seen = [&](int n) { return of[at(n)] >= 0 ? of_region[at(of[at(n)])] + 1 : level[at(n)]; };
        for (bool changes = true; changes;) {
            changes = false;
            auto raise = [&](int& mine, int to) {
                if (to <= mine) return;
                mine = to;
                changes = true;
            };
            for (int n = 0; n < g.size(); ++n)
                for (int k = 0; k < g[n].arity; ++k) {
                    const int operand = g.operand(n, k), r = of[at(n)];
                    if (r < 0) {
                        raise(level[at(n)], level_seen(operand));
                    } else if (of[at(operand)] != r) {
                        raise(of_region[at(r)], level_seen(operand));
                    }
                }
            for (std::size_t k = 0; k < g.recurrences.size(); ++k)
                if (const int r = region_of_loop[k]; r >= 0 && of[at(g.recurrences[k].next)] != r) raise(of_region[at(r)], level_seen(g.recurrences[k].next));
        }
        int highest = 0;
        for (int l : level) highest = highest < l ? l : highest;
        for (int l : of_region) highest = highest < l ? l : highest;
        for (int l = 0; l <= highest; ++l) {
            for (int n = 0; n < g.size(); ++n)
                if (of[at(n)] < 0 && level[at(n)] == l) order.push_back(n);
            for (int r = 0; r < count; ++r)
                if (of_region[at(r)] == l)
                    for (int n = 0; n < g.size(); ++n)
                        if (of[at(n)] == r) order.push_back(n);
        }
    }
};

}  // namespace xgrad
