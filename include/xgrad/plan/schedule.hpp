// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/plan/assemble.hpp>

#include <xgrad/expr/span.hpp>

namespace xgrad {

/// The order in which groups run, where updates write, and which groups write parameters.
struct kernel_order {
    growing_array<int> order{};                       ///< group indices
    growing_array<growing_array<std::pair<int, int>>> stores{};  ///< by group: node computed, node it is stored as
    growing_array<char> writes{};                     ///< by group: updates a parameter or a state
    int guard_before = -1;                          ///< position in `order` of the first writing group
};

/// Orders groups so that an update comes after every reader of the old value (and after what is guarded). Where a group
/// that makes a new value may not write it in place, because others still need the old one, a copy at the end does.
class scheduler {
public:
    constexpr scheduler(graph& graph_, grouping& grouping_) : g(graph_), plan(grouping_) {}

    constexpr kernel_order run(const growing_array<goal>& goals, span<const int> guarded) {
        made.stores.resize(plan.groups.size());
        made.writes = growing_array<char>(plan.groups.size(), 0);
        readers_.resize(g.nodes.size());
        wanted_ = growing_array<char>(g.nodes.size(), 0);
        for (const goal& o : goals) wanted_[at(o.node)] = static_cast<char>(wanted_[at(o.node)] | (o.target >= 0 ? updated : returned));
        for (std::size_t i = 0; i < plan.groups.size(); ++i) collect_edges_of(static_cast<int>(i));
        place_updates(goals, guarded);
        for (std::size_t n = 0; n < plan.stored.size(); ++n)
            if (plan.stored[n] && !only_updates(static_cast<int>(n))) made.stores[at(plan.home[n])].push_back({static_cast<int>(n), static_cast<int>(n)});
        for (const auto& e : update_edges_) edges.push_back(e);
        if (!plan.regions.empty()) keep_regions_together();
        sort_groups();
        return made;
    }

private:
    graph& g;
    grouping& plan;
    kernel_order made{};
    growing_array<std::pair<int, int>> edges{}, update_edges_{};  ///< groups (first, then): what reads waits for what writes, an update for who reads the old value
    int copied_ = -1;
    static constexpr char updated = 1, returned = 2;
    growing_array<char> wanted_{};                ///< by node: what goals want of it
    growing_array<growing_array<int>> readers_{};   ///< by node: the groups that load it
    static constexpr std::size_t at(int i) { return static_cast<std::size_t>(i); }

    /// Each new value into its target's place by the group that makes it, or by a copy.
    constexpr void place_updates(const growing_array<goal>& goals, span<const int> guarded) {
        const growing_array<char> has_dependents = groups_with_dependents();
        for (const goal& u : goals) {
            if (u.target < 0) continue;
            int writer = plan.home[at(u.node)];
            if (makes_one_of(guarded, writer) || has_dependents[at(writer)] || reads_otherwise(plan.groups[at(writer)], u) || closes_circle(writer, u.target)) {
                writer = add_copy(u.node);
                made.stores[at(writer)].push_back({copied_, u.target});
            } else {
                made.stores[at(writer)].push_back({u.node, u.target});
            }
            made.writes[at(writer)] = 1;
            for (int reader : readers_[at(u.target)])
                if (reader != writer && !writes_over(plan.groups[at(reader)], u.target)) update_edges_.push_back({reader, writer});
            for (int n : guarded)
                if (plan.home[at(n)] >= 0 && plan.home[at(n)] != writer) update_edges_.push_back({plan.home[at(n)], writer});
        }
    }
    /// One of the ops that change a part of an array where it lies. Those of one array change different parts, in any order.
    constexpr bool writes_over(const group& in, int target) const { return in.contraction >= 0 && g[in.contraction].op->overwrites_first && g.operand(in.contraction, 0) == target; }
    /// The writer reads the target in another way than element by element at the place it writes, each element once.
    constexpr bool reads_otherwise(const group& in, const goal& u) const {
        if (writes_over(in, u.target)) return false;
        for (int k = 0; in.contraction >= 0 && k < g[in.contraction].arity; ++k)
            if (g.behind(g.operand(in.contraction, k)) == u.target) return true;
        const placed* value = in.find(u.node);
        const placed* old = in.find(u.target);
        if (value->late) return true;
        return old && (old->axes != value->axes || !is_met_once(in, value->axes));
    }
    /// Whether a kernel comes to each element of such a value once: it walks a row from end to end, but a product's in strips.
    constexpr bool is_met_once(const group& in, const axis_map& axes) const {
        const int columns = in.contraction >= 0 ? 0 : std::max<int>(in.column_axes, 1);
        for (int place = 0; place < in.space.rank - columns; ++place) {
            bool has = false;
            for (const std::int8_t axis : axes) has = has || axis == place;
            if (!has) return false;
        }
        return true;
    }
    /// The guard stands between what it looks at and what it guards.
    constexpr bool makes_one_of(span<const int> guarded, int writer) const {
        for (int n : guarded)
            if (plan.home[at(n)] == writer) return true;
        return false;
    }
    /// Whether a kernel would wait for itself if it wrote the target: somebody reads the target who waits for the kernel already, since that reads what
    /// the other writes. The two factors of a product, each of whose gradients is a product with the other, are such a pair.
    constexpr bool closes_circle(int writer, int target) const {
        for (int reader : readers_[at(target)])
            if (reader != writer && made.writes[at(reader)] && !writes_over(plan.groups[at(reader)], target) && comes_before(writer, reader)) return true;
        return false;
    }
    constexpr bool comes_before(int first, int last) const {
        growing_array<char> seen(plan.groups.size(), 0);
        growing_array<int> open{first};
        while (!open.empty()) {
            const int now = open[open.size() - 1];
            open.pop_back();
            if (now == last) return true;
            for (const auto& e : update_edges_)
                if (e.first == now && !seen[at(e.second)]) {
                    seen[at(e.second)] = 1;
                    open.push_back(e.second);
                }
        }
        return false;
    }
    /// A node that only an update stores needs no memory of its own.
    constexpr bool only_updates(int n) const {
        if (wanted_[at(n)] != updated) return false;
        for (int reader : readers_[at(n)])
            if (reader != plan.home[at(n)]) return false;
        return true;
    }
    constexpr void collect_edges_of(int i) {
        const group& in = plan.groups[at(i)];
        auto depend = [&](int node) {
            readers_[at(node)].push_back(i);
            if (g.is(node, &info<carry_op>)) return wait_for_loop(node, i);
            if (!plan.is_leaf(node) && plan.home[at(node)] >= 0 && plan.home[at(node)] != i) edges.push_back({plan.home[at(node)], i});
        };
        for (int k = 0; in.contraction >= 0 && k < g[in.contraction].arity; ++k) depend(g.behind(g.operand(in.contraction, k)));
        for (const placed& p : in.known)
            if (!p.computed) depend(p.node);
    }
    constexpr const recurrence& loop_of(int carry) const {
        std::size_t k = 0;
        while (g.recurrences[k].carry != carry) ++k;
        return g.recurrences[k];
    }
    /// A reader of a state before each step waits for what the loop begins with, and outside the loop for all its steps.
    constexpr void wait_for_loop(int carry, int reader) {
        const recurrence& loop = loop_of(carry);
        const bool inside = plan.regions.is_within(plan.groups[at(reader)].region, plan.regions.region(carry));
        for (const int source : {g[carry].arity > 0 ? g.operand(carry, 0) : -1, inside ? -1 : loop.next})
            if (source >= 0 && !plan.is_leaf(source) && plan.home[at(source)] >= 0 && plan.home[at(source)] != reader) edges.push_back({plan.home[at(source)], reader});
    }
    /// What one kernel of a loop waits for, all wait for; who waits for one waits for all.
    constexpr void keep_regions_together() {
        growing_array<growing_array<int>> members(at(plan.regions.count));
        for (std::size_t i = 0; i < plan.groups.size(); ++i)
            for (int r = plan.groups[i].region; r >= 0; r = plan.regions.around[at(r)]) members[at(r)].push_back(static_cast<int>(i));
        const std::size_t count = edges.size();
        const growing_array<int> none;
        for (std::size_t k = 0; k < g.recurrences.size(); ++k) {
            const int carry = g.recurrences[k].carry, initial = g[carry].arity > 0 ? plan.home[at(g.operand(carry, 0))] : -1;
            if (initial >= 0 && plan.regions.region_of_loop[k] >= 0)
                for (const int member : members[at(plan.regions.region_of_loop[k])]) edges.push_back({initial, member});
        }
        for (std::size_t e = 0; e < count; ++e) {
            const auto [from, to] = edges[e];
            const int from_region = plan.groups[at(from)].region, to_region = plan.groups[at(to)].region;
            const int a = plan.regions.apart_from(from_region, to_region), b = plan.regions.apart_from(to_region, from_region);
            if (a == b) continue;
            for (const int other : a >= 0 ? members[at(a)] : none) edges.push_back({other, to});
            for (const int other : b >= 0 ? members[at(b)] : none) edges.push_back({from, other});
            for (const int first : a >= 0 && b >= 0 ? members[at(a)] : none)
                for (const int second : members[at(b)]) edges.push_back({first, second});
        }
    }
    constexpr growing_array<char> groups_with_dependents() const {
        growing_array<char> has(plan.groups.size(), 0);
        for (const auto& e : edges) has[at(e.first)] = 1;
        return has;
    }
    constexpr int add_copy(int node) {
        plan.stored[at(node)] = 1;
        copied_ = g.insert(&info<copy_op>, {}, &node, 1);
        const int index = plan.append_alone(copied_);
        readers_.resize(g.nodes.size());
        wanted_.resize(g.nodes.size(), 0);
        made.stores.resize(plan.groups.size());
        made.writes.resize(plan.groups.size(), 0);
        collect_edges_of(index);
        return index;
    }
    /// The place of what runs next. The smallest index first: close to the order in which the groups were made. `ready` is kept descending. A loop
    /// is not left before it is complete: its kernels wait for nothing but each other.
    constexpr std::size_t next_of(const growing_array<int>& ready, int open) const {
        for (; open >= 0; open = plan.regions.around[at(open)])
            for (std::size_t i = ready.size(); i-- > 0;)
                if (plan.regions.is_within(plan.groups[at(ready[i])].region, open)) return i;
        return ready.size() - 1;
    }
    constexpr void sort_groups() {
        const std::size_t count = plan.groups.size();
        growing_array<int> waiting(count, 0);
        growing_array<growing_array<int>> after(count);
        for (const auto& e : edges) {
            ++waiting[at(e.second)];
            after[at(e.first)].push_back(e.second);
        }
        growing_array<char> done(count, 0);
        growing_array<int> ready;
        for (std::size_t i = count; i-- > 0;)
            if (!waiting[i]) ready.push_back(static_cast<int>(i));
        int open = -1;
        while (!ready.empty()) {
            std::size_t place = next_of(ready, open);
            const int next = ready[place];
            for (; place + 1 < ready.size(); ++place) ready[place] = ready[place + 1];
            ready.pop_back();
            open = plan.groups[at(next)].region;
            if (made.writes[at(next)] && made.guard_before < 0) made.guard_before = static_cast<int>(made.order.size());
            made.order.push_back(next);
            for (int follower : after[at(next)])
                if (--waiting[at(follower)] == 0) {
                    std::size_t gap = ready.size();
                    ready.push_back(follower);
                    for (; gap > 0 && ready[gap - 1] < follower; --gap) std::swap(ready[gap], ready[gap - 1]);
                }
        }
        if (made.order.size() != count) throw "xgrad: the plan's kernels wait for each other";
    }
};

}  // namespace xgrad
