// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/graph/lower.hpp>
#include <xgrad/ops/all.hpp>

namespace xgrad {

namespace detail {
/// A carry of a derivative's loop, which begins with a node or with zeros.
constexpr int new_carry(graph& g, int like, int initial = -1) {
    return g.insert(&info<carry_op>, {.number = static_cast<double>(++g.scopes)}, &initial, initial < 0 ? 0 : 1, g[like].shape);
}
constexpr int zeros_like(graph& g, int node) {
    const shape wanted = g.shape_of(node);
    return ast::ref{&g, g.number(0)}.spread_to(wanted).index;
}
/// The loops that a node is made by, by their numbers in the graph.
constexpr growing_array<int> loops_behind(const graph& g, int node) {
    growing_array<int> found;
    if (g.recurrences.empty()) return found;
    growing_array<char> needed(g.nodes.size(), 0);
    needed[static_cast<std::size_t>(node)] = 1;
    g.mark_sources(needed);
    for (std::size_t k = 0; k < g.recurrences.size(); ++k)
        if (needed[static_cast<std::size_t>(g.recurrences[k].carry)]) found.push_back(static_cast<int>(k));
    return found;
}
}  // namespace detail

/// The loops of a reverse sweep. Where a loop hands what it makes on to its next step, its derivative hands cotangents on to the step before:
/// the cotangent of `next` at a step is what its readers give, and that of the carry one step later. So each loop has one of the other
/// direction, whose carry is known when `next` is met and whose `next` when the carry is.
class reversed_loops {
public:
    int last;  ///< the node to begin with

    constexpr reversed_loops(graph& graph_, int loss) : last(loss), g(graph_), loops_(detail::loops_behind(graph_, loss)) {
        for (const int k : loops_) {
            const recurrence r = g.recurrences[static_cast<std::size_t>(k)];
            last = last < r.next ? r.next : last;
            carries_.push_back(detail::new_carry(g, r.carry));
        }
    }
    constexpr void visit(int n, growing_array<int>& cotangents) {
        // (A carry may be what another loop hands on: that loop's share comes first.)
        for (std::size_t i = 0; i < loops_.size(); ++i)
            if (g.recurrences[static_cast<std::size_t>(loops_[i])].next == n) add(cotangents, n, carries_[i]);
        for (std::size_t i = 0; i < loops_.size(); ++i) {
            const recurrence r = g.recurrences[static_cast<std::size_t>(loops_[i])];
            if (r.carry != n) continue;
            const int bar = cotangents[static_cast<std::size_t>(n)];
            const shape wanted = g.shape_of(n);
            const int whole = bar < 0 ? detail::zeros_like(g, n) : ast::ref{&g, bar}.spread_to(wanted).index;
            g.recurrences.push_back({carries_[i], whole, !r.backwards, r.inside, r.carry});
            if (bar >= 0 && g[n].arity > 0) add(cotangents, g.operand(n, 0), first_step(whole, r));
        }
    }

private:
    graph& g;
    growing_array<int> loops_, carries_{};

    constexpr void add(growing_array<int>& cotangents, int n, int term) {
        int& total = cotangents[static_cast<std::size_t>(n)];
        total = total < 0 ? term : (ast::ref{&g, total} + ast::ref{&g, term}).index;
    }
    /// How many axes after the first are steps of loops around a loop.
    constexpr int steps_around(const shape& s, const recurrence& loop) const {
        int count = 0;
        for (bool goes_on = true; goes_on && count + 1 < s.rank; count += goes_on) {
            goes_on = false;
            for (const recurrence& r : g.recurrences) goes_on = goes_on || (r.inside > loop.inside && g.shape_of(r.carry)[0] == s[count + 1]);
        }
        return count;
    }
    /// The cotangent of the initial state. The steps of loops around are put in front, so that each of them is apart.
    constexpr int first_step(int whole, const recurrence& loop) {
        const shape s = g.shape_of(whole);
        const bool from_the_last = loop.backwards;
        const int around = steps_around(s, loop);
        if (around > 0) {
            axis_map source{};
            shape moved = s;
            for (int i = 0; i < s.rank; ++i) {
                source[static_cast<std::size_t>(i)] = static_cast<std::int8_t>(i < around ? i + 1 : i == around ? 0 : i);
                moved[i] = s[source[static_cast<std::size_t>(i)]];
            }
            whole = g.move(whole, source, moved);
        }
        if (s.rank > 1) return g.make(&info<edge_op>, {.axes = 1u << around, .number = from_the_last ? 1.0 : 0.0}, {whole});
        const ast::ref place{&g, g.insert(&info<position_op>, {}, nullptr, 0, g[whole].shape)}, zero{&g, g.number(0)};
        const ast::ref end = from_the_last ? ast::ref{&g, g.insert(&info<extent_op>, {.axis = s[0].name}, nullptr, 0)} - ast::ref{&g, g.number(1)} : zero;
        return ast::apply_in_graph<select_op>({}, ast::apply_in_graph<equal_op>({}, place, end), ast::ref{&g, whole}, zero).sum(1).index;
    }
};

/// The loops of a forward sweep: a tangent is handed on as the state is.
class moving_loops {
public:
    int last;  ///< the node to end with

    constexpr moving_loops(graph& graph_, int result, int x) : last(result), g(graph_), loops_(detail::loops_behind(graph_, result)) {
        for (const int k : loops_) last = last < g.recurrences[static_cast<std::size_t>(k)].next ? g.recurrences[static_cast<std::size_t>(k)].next : last;
        keep_moving(x);
        carries_ = growing_array<int>(loops_.size(), -1);
    }
    constexpr bool empty() const { return loops_.empty(); }
    /// Whether n is a carry: its tangent is one too, and begins with the tangent of the initial state.
    constexpr bool visit(int n, growing_array<int>& tangents) {
        for (std::size_t i = 0; i < loops_.size(); ++i) {
            if (g.recurrences[static_cast<std::size_t>(loops_[i])].carry != n) continue;
            const int initial = g[n].arity > 0 ? tangents[static_cast<std::size_t>(g.operand(n, 0))] : -1;
            tangents[static_cast<std::size_t>(n)] = carries_[i] = detail::new_carry(g, n, initial);
            return true;
        }
        return g[n].op == &info<carry_op>;
    }
    constexpr void close(const growing_array<int>& tangents) {
        for (std::size_t i = 0; i < loops_.size(); ++i) {
            const recurrence r = g.recurrences[static_cast<std::size_t>(loops_[i])];
            const int made = tangents[static_cast<std::size_t>(r.next)];
            g.recurrences.push_back({carries_[i], made < 0 ? detail::zeros_like(g, r.next) : made, r.backwards, r.inside});
        }
    }

private:
    graph& g;
    growing_array<int> loops_, carries_{};

    /// Leaves the loops whose states move with x.
    constexpr void keep_moving(int x) {
        if (loops_.empty()) return;
        growing_array<char> moves(static_cast<std::size_t>(last) + 1, 0);
        const auto at = [](int i) { return static_cast<std::size_t>(i); };
        if (x <= last) moves[at(x)] = 1;
        for (bool goes_on = true; goes_on;) {
            goes_on = false;
            for (int n = 0; n <= last; ++n)
                for (int k = 0; k < g[n].arity; ++k) moves[at(n)] = static_cast<char>(moves[at(n)] | moves[at(g.operand(n, k))]);
            for (const int k : loops_) {
                const recurrence& r = g.recurrences[at(k)];
                if (!moves[at(r.next)] || moves[at(r.carry)]) continue;
                moves[at(r.carry)] = 1;
                goes_on = true;
            }
        }
        growing_array<int> kept;
        for (const int k : loops_)
            if (moves[at(g.recurrences[at(k)].carry)]) kept.push_back(k);
        loops_ = kept;
    }
};

}  // namespace xgrad
