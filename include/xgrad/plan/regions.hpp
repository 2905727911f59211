// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/graph/lower.hpp>
#include <xgrad/ops/copy.hpp>

namespace xgrad {

/// The loops of a graph. What a step's states are made from and what they make is one region: its kernels run step after step. Loops that need each
/// other in every step are one region; what only feeds a loop, or only follows from it, is outside and sees all steps at once. A loop that runs in a
/// step of another is a region inside that one's.
class region_map {
public:
    static constexpr int most_loops = 64;
    growing_array<int> of{};  ///< by node: its region, the innermost, or -1; empty where there are no loops
    int count = 0;
    growing_array<int> around{};          ///< by region: the one that it stands in, or -1
    growing_array<int> region_of_loop{};  ///< by number in graph::recurrences; -1 where its carry is not needed
    growing_array<int> order{};           ///< nodes as they are placed: all that a region needs before it, the region in one piece
    int open = -1;                        ///< the region whose nodes are placed into groups

    constexpr bool empty() const { return count == 0; }
    constexpr int region(int node) const { return at(node) < of.size() ? of[at(node)] : -1; }
    /// A region itself, or one inside it; all stand in -1.
    constexpr bool is_within(int region, int outer) const {
        while (region >= 0 && region != outer) region = around[at(region)];
        return region == outer;
    }
    /// The outermost region around one that is not around another; -1 if there is none.
    constexpr int apart_from(int region, int other) const {
        if (region < 0 || is_within(other, region)) return -1;
        while (around[at(region)] >= 0 && !is_within(other, around[at(region)])) region = around[at(region)];
        return region;
    }
    constexpr bool has_inside(int region) const {
        for (const int outer : around)
            if (outer == region) return true;
        return false;
    }
    /// The region of the group that computes a node now. (What is left of a region is computed after it, over all steps at once.)
    constexpr int now(int node) const {
        const int r = region(node);
        return r >= 0 && is_within(open, r) ? r : -1;
    }

    constexpr explicit region_map(const graph& graph_) : g(graph_) {}
    constexpr void find(const growing_array<char>& needed) {
        count = 0;
        order = {};
        around = {};
        if (g.recurrences.empty()) return;
        if (g.recurrences.size() > at(most_loops)) throw "xgrad: a formula has more than 64 loops, those of its derivative included";
        of = growing_array<int>(g.nodes.size(), -1);
        find_regions(needed);
        if (count == 0) return;
        level_ = growing_array<int>(g.nodes.size(), 0);
        level_of_region_ = growing_array<int>(at(count), 0);
        put_in_order(-1);
    }

private:
    using loops = std::uint64_t;  ///< one bit a loop
    const graph& g;
    growing_array<loops> follows_{}, makes_{};  ///< by node: from which carries; for which states
    growing_array<int> level_{}, level_of_region_{};
    static constexpr std::size_t at(int i) { return static_cast<std::size_t>(i); }
    static constexpr loops bit(std::size_t k) { return loops{1} << k; }

    constexpr void find_regions(const growing_array<char>& needed) {
        follows_ = makes_ = growing_array<loops>(g.nodes.size(), 0);
        region_of_loop = growing_array<int>(g.recurrences.size(), -1);
        loops all = 0;
        for (std::size_t k = 0; k < g.recurrences.size(); ++k) {
            if (!needed[at(g.recurrences[k].carry)]) continue;
            all |= bit(k);
            follows_[at(g.recurrences[k].carry)] |= bit(k);
            makes_[at(g.recurrences[k].next)] |= bit(k);
        }
        for (int n = 0; n < g.size(); ++n)
            for (int k = 0; k < g[n].arity; ++k) follows_[at(n)] |= follows_[at(g.operand(n, k))];
        for (int n = g.size() - 1; n >= 0; --n)
            if (needed[at(n)])
                for (int k = 0; k < g[n].arity; ++k) makes_[at(g.operand(n, k))] |= makes_[at(n)];
        split(needed, all, -1);
        for (std::size_t k = 0; k < g.recurrences.size(); ++k)
            if (region_of_loop[k] >= 0) of[at(g.recurrences[k].carry)] = region_of_loop[k];
    }
    /// By loop: the states among some that it has a part in, in some later step.
    constexpr growing_array<loops> reached_states(loops among) const {
        const std::size_t loop_count = g.recurrences.size();
        growing_array<loops> reaches(loop_count, 0);
        for (std::size_t k = 0; k < loop_count; ++k)
            if (among & bit(k)) reaches[k] = makes_[at(g.recurrences[k].carry)] & among;
        for (bool changes = true; changes;) {
            changes = false;
            for (std::size_t k = 0; k < loop_count; ++k)
                for (std::size_t j = 0; j < loop_count; ++j)
                    if ((reaches[k] & bit(j)) && (reaches[j] & ~reaches[k])) {
                        reaches[k] |= reaches[j];
                        changes = true;
                    }
        }
        return reaches;
    }
    /// The regions of some loops: those that need each other are one, but for those that run in a step of the others.
    constexpr void split(const growing_array<char>& needed, loops among, int outer) {
        const std::size_t loop_count = g.recurrences.size();
        const growing_array<loops> reaches = reached_states(among);
        for (std::size_t k = 0; k < loop_count; ++k) {
            if (!(among & bit(k))) continue;
            loops together = bit(k), inside = 0;
            int most = g.recurrences[k].inside;
            for (std::size_t j = 0; j < loop_count; ++j)
                if ((reaches[k] & bit(j)) && (reaches[j] & bit(k))) {
                    together |= bit(j);
                    most = std::max(most, g.recurrences[j].inside);
                }
            among &= ~together;
            const int made = count++;
            around.push_back(outer);
            for (std::size_t j = 0; j < loop_count; ++j) {
                if (!(together & bit(j))) continue;
                if (g.recurrences[j].inside == most) {
                    region_of_loop[j] = made;
                } else {
                    inside |= bit(j);
                }
            }
            check_direction(made);
            for (int n = 0; n < g.size(); ++n)
                if (needed[at(n)] && (follows_[at(n)] & together) && (makes_[at(n)] & together)) of[at(n)] = made;
            if (inside) split(needed, inside, made);
        }
    }
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

    static constexpr int itself = -1, elsewhere = -2;
    /// As what a node takes part in the order of a region: as a region inside it, as itself, or not at all.
    constexpr int part_of(int n, int outer) const {
        int r = of[at(n)];
        if (r == outer) return itself;
        while (r >= 0 && around[at(r)] != outer) r = around[at(r)];
        return r < 0 ? elsewhere : r;
    }
    /// Nodes of a region, or of the whole, by level: a region inside is one level above all that it needs, and what follows from it above that.
    constexpr void put_in_order(int outer) {
        growing_array<int> parts(g.nodes.size(), elsewhere);
        for (int n = 0; n < g.size(); ++n) parts[at(n)] = part_of(n, outer);
        auto level_seen = [&](int n) { return parts[at(n)] == elsewhere ? 0 : parts[at(n)] == itself ? level_[at(n)] : level_of_region_[at(parts[at(n)])] + 1; };
        for (bool changes = true; changes;) {
            changes = false;
            auto raise = [&](int& mine, int to) {
                if (to <= mine) return;
                mine = to;
                changes = true;
            };
            for (int n = 0; n < g.size(); ++n) {
                const int part = parts[at(n)];
                if (part == elsewhere) continue;
                for (int k = 0; k < g[n].arity; ++k) {
                    const int operand = g.operand(n, k);
                    if (part == itself) {
                        raise(level_[at(n)], level_seen(operand));
                    } else if (parts[at(operand)] != part) {
                        raise(level_of_region_[at(part)], level_seen(operand));
                    }
                }
            }
            for (std::size_t k = 0; k < g.recurrences.size(); ++k) {
                if (region_of_loop[k] < 0) continue;
                const int part = parts[at(g.recurrences[k].carry)];
                if (part >= 0 && parts[at(g.recurrences[k].next)] != part) raise(level_of_region_[at(part)], level_seen(g.recurrences[k].next));
            }
        }
        int highest = 0;
        for (int n = 0; n < g.size(); ++n)
            if (parts[at(n)] != elsewhere) highest = std::max(highest, level_seen(n));
        for (int l = 0; l <= highest; ++l) {
            for (int n = 0; n < g.size(); ++n)
                if (level_[at(n)] == l && parts[at(n)] == itself) order.push_back(n);
            for (int r = 0; r < count; ++r)
                if (around[at(r)] == outer && level_of_region_[at(r)] == l) put_region(r);
        }
    }
    constexpr void put_region(int r) {
        if (has_inside(r)) return put_in_order(r);
        for (int n = 0; n < g.size(); ++n)
            if (of[at(n)] == r) order.push_back(n);
    }
};

}  // namespace xgrad
