// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/position.hpp>
#include <xgrad/plan/checkpoints.hpp>
#include <xgrad/plan/schedule.hpp>
#include <xgrad/plan/whole.hpp>

namespace xgrad {

/// From a graph after rewriting to a plan.
class planner {
public:
    constexpr planner(graph& graph_, bool apart, int checkpoint_every = 0) : g(graph_), groups_(graph_, apart), checkpoint_every_(checkpoint_every) {}

    /// `must_be_finite`: numbers, the loss first, that are guarded: no parameter changes if they are not. `declared`: every name of the formula.
    constexpr plan_draft run(growing_array<goal> goals, span<const int> must_be_finite, const growing_array<const declaration*>& declared) {
        growing_array<char> taken(g.nodes.size(), 0);
        for (goal& o : goals) o.node = owned(o.node, taken);
        growing_array<int> guarded;  // (a loss that rewriting has found to be a constant is one like others)
        for (int n : must_be_finite) guarded.push_back(g[n].op->kind == op_kind::leaf || g[n].op->kind == op_kind::movement ? g.insert(&info<copy_op>, {}, &n, 1) : n);
        for (recurrence& r : g.recurrences)
            if (const op_kind kind = g[r.next].op->kind; kind == op_kind::leaf || kind == op_kind::movement) r.next = g.insert(&info<copy_op>, {}, &r.next, 1);
        groups_.extend();
        do {
            groups_.run(goals);
            for (int n : guarded) groups_.materialise(n);
        } while (groups_.again());
        scheduler scheduler_(g, groups_);
        const kernel_order order = scheduler_.run(goals, {guarded.data(), guarded.size()});
        step_of_group_.resize(groups_.groups.size(), -1);
        buffer_of_.resize(g.nodes.size(), -1);
        registers_.resize(g.nodes.size(), -1);
        for (const goal& o : goals)
            if (o.target < 0) out.results.push_back(buffer_for(o.node));
        for (std::size_t i = 0; i < order.order.size(); ++i) {
            if (static_cast<int>(i) == order.guard_before)
                for (int n : guarded) add_guard(n);
            const int index = order.order[i];
            step_of_group_[at(index)] = static_cast<int>(out.steps.size());
            add_step(groups_.groups[at(index)], order.stores[at(index)], order.writes[at(index)] != 0);
        }
        if (guarded.size() > 0) out.guard = buffer_for(guarded[0]);
        if (!groups_.regions.empty()) add_loops();
        if (checkpoint_every_ > 0 && !out.loops.empty()) checkpoint_search(out, in_place_, checkpoint_every_).run();
        slot_search(out, in_place_).run();
        note_unread(declared);
        out.constraints = g.constraints;
        out.fired = g.fired;
        out.visits = g.visits + groups_.visits;
        return out;
    }

private:
    graph& g;
    grouping groups_;
    int checkpoint_every_;
    plan_draft out{};
    growing_array<int> buffer_of_{}, registers_{}, step_of_group_{};
    growing_array<replacement> in_place_{};
    static constexpr std::size_t at(int i) { return static_cast<std::size_t>(i); }

    /// A goal's node with memory of its own: results that are leaves, views or another result's node are copies.
    constexpr int owned(int n, growing_array<char>& taken) {
        const op_kind kind = g[n].op->kind;
        if (kind == op_kind::leaf || kind == op_kind::movement) n = g.insert(&info<copy_op>, {}, &n, 1);
        while (n < static_cast<int>(taken.size()) && taken[at(n)]) n = g.insert(&info<copy_op>, {}, &n, 1);
        taken.resize(g.nodes.size(), 0);
        taken[at(n)] = 1;
        return n;
    }

    constexpr int buffer_for(int node) {
        int& index = buffer_of_[at(node)];
        if (index >= 0) return index;
        buffer b{};
        b.kind = buffer_kind::temporary;
        b.slot = b.state = -1;
        b.node = node;
        b.extents = g.shape_of(node);
        const value_node& n = g[node];
        if (n.op == &info<extent_op>) {
            b.kind = buffer_kind::extent;
            b.axis = n.attr.axis;
        } else if (n.op == &info<position_op>) {
            b.kind = buffer_kind::position;
        } else if (n.op->kind == op_kind::leaf && n.op != &info<carry_op>) {
            b.kind = n.arity ? buffer_kind::state : buffer_kind::leaf;
            b.leaf = n.arity ? g[n.operands[0]].attr.leaf : n.attr.leaf;
            b.state = static_cast<std::int16_t>(n.attr.number);
        }
        index = static_cast<int>(out.buffers.size());
        out.buffers.push_back(b);
        return index;
    }
    constexpr void note_unread(const growing_array<const declaration*>& declared) {
        for (const declaration* d : declared) {
            bool read = false;
            for (const buffer& b : out.buffers) read = read || (b.kind == buffer_kind::leaf && b.leaf == d);
            if (read) continue;
            buffer b{};
            b.kind = buffer_kind::leaf;
            b.slot = b.state = static_cast<std::int16_t>(-1);
            b.node = -1;
            b.extents = d->extents;
            b.leaf = d;
            b.unread = true;
            out.buffers.push_back(b);
        }
    }
    constexpr access access_for(const operand_view& v) {
        access a{};
        a.buffer = static_cast<std::int16_t>(buffer_for(v.node));
        a.axes = v.axes;
        return a;
    }

    /// The loops' steps and states, by the order in which they run.
    constexpr void add_loops() {
        const region_map& regions = groups_.regions;
        const std::size_t count = at(regions.count);
        growing_array<int> begin(count, -1), end(count, -1);
        for (std::size_t i = 0; i < groups_.groups.size(); ++i) {
            const group& in = groups_.groups[i];
            const int s = step_of_group_[i];
            for (int r = in.region; r >= 0; r = regions.around[at(r)]) {
                int &b = begin[at(r)], &e = end[at(r)];
                b = b < 0 || s < b ? s : b;
                e = s >= e ? s + 1 : e;
            }
        }
        for (std::size_t k = 0; k < g.recurrences.size(); ++k) {
            const recurrence& r = g.recurrences[k];
            const int region = regions.region_of_loop[k];
            if (region < 0) continue;
            const int given = g[r.carry].arity > 0 ? g.operand(r.carry, 0) : -1;
            const int initial = given < 0 || g[given].op->kind == op_kind::movement || g.is_number(given) ? -1 : given;  // zeros, unless it has been computed
            loop_state made{};
            made.first = begin[at(region)];
            made.last = end[at(region)];
            if (made.first < 0)  // nothing but a shift of what is made elsewhere
                for (const int source : {initial, r.next}) {
                    const int home = source < 0 ? -1 : groups_.home[at(source)], made_in = home < 0 ? -1 : regions.apart_from(groups_.groups[at(home)].region, region);
                    made.first = made.last = std::max(made.first, home < 0 ? 0 : made_in < 0 ? step_of_group_[at(home)] + 1 : end[at(made_in)]);
                }
            made.carry = static_cast<std::int16_t>(buffer_for(r.carry));
            made.next = static_cast<std::int16_t>(buffer_for(r.next));
            made.initial = static_cast<std::int16_t>(initial < 0 ? -1 : buffer_for(initial));
            made.backwards = r.backwards;
            made.cotangent_of = -1;
            for (std::size_t j = 0; j < g.recurrences.size(); ++j)
                if (g.recurrences[j].carry == r.cotangent_of && regions.region_of_loop[j] >= 0) made.cotangent_of = static_cast<std::int16_t>(buffer_for(r.cotangent_of));
            made.depth = depth_of(region, g.shape_of(r.carry));
            const bool alone = made.depth == 0 && !regions.has_inside(region);
            std::size_t place = out.loops.size();
            out.loops.push_back(made);
            for (; place > 0 && made.runs_before(out.loops[place - 1]); --place) std::swap(out.loops[place], out.loops[place - 1]);
            for (int s = made.first; s < made.last; ++s)
                if (!goes_along(out.steps[at(s)], g.shape_of(r.carry)[0], alone)) throw "xgrad: a kernel of a loop does not go along its steps";
        }
    }
    /// A kernel of a loop has the loop's steps as its first axis; of loops in each other, as one of them. An op with a loop of its own can be cut there.
    constexpr bool goes_along(const step& s, const extent& steps, bool alone) const {
        int place = 0;
        while (place < s.space.rank && !(s.space[place] == steps)) ++place;
        if (place == s.space.rank || (alone && place > 0)) return false;
        if (s.kind != step_kind::whole) return !s.rows_are_summed;
        const std::uint32_t own = out.code[at(out.bodies[at(s.body)].first_instruction)].a;
        return out.accesses[at(s.first_access + s.access_count - 1)].axes[0] == 0 && (place == 0 || (own != 0 && (own & ((2u << place) - 1)) == 0));
    }
    /// How many loops are around one; their steps follow its own in the shape of its states.
    constexpr int depth_of(int region, const shape& carry) const {
        int depth = 0;
        for (int r = groups_.regions.around[at(region)]; r >= 0; r = groups_.regions.around[at(r)]) {
            ++depth;
            for (std::size_t k = 0; k < g.recurrences.size(); ++k)
                if (groups_.regions.region_of_loop[k] == r && !(carry[depth] == g.shape_of(g.recurrences[k].carry)[0])) throw "xgrad: a state of a loop inside another one lacks the steps of that one";
        }
        return depth;
    }
    constexpr assembled assemble(const group& in, bool whole, const growing_array<std::pair<int, int>>& stores) {
        if (whole) return assemble_whole(g, in.contraction, stores.empty() ? in.contraction : stores[0].second);
        return assembler(g, in, registers_).run(stores);
    }
    constexpr void add_guard(int n) {
        step guard{};
        guard.kind = step_kind::guard;
        guard.left = static_cast<std::int16_t>(buffer_for(n));
        out.steps.push_back(guard);
    }
    constexpr void add_step(const group& in, const growing_array<std::pair<int, int>>& stores, bool writes) {
        const bool whole = in.contraction >= 0 && g[in.contraction].op->kind == op_kind::whole;
        const assembled kernel = assemble(in, whole, stores);
        step s{};
        s.left = s.right = -1;
        s.kind = whole ? step_kind::whole : in.contraction >= 0 ? step_kind::contraction : step_kind::rows;
        s.space = whole ? g.shape_of(in.contraction) : in.space;
        s.column_axes = kernel.column_axes;
        s.joined = kernel.joined;
        s.writes_parameters = writes;
        s.first_access = static_cast<int>(out.accesses.size());
        s.access_count = static_cast<int>(kernel.accesses.size());
        for (const operand_view& v : kernel.accesses) out.accesses.push_back(access_for(v));
        if (s.kind == step_kind::contraction) describe_contraction(in.contraction, s);
        for (const auto& [written, read] : kernel.in_place) note_in_place(s, written, read);
        s.body = body_index(kernel, in.scalar);
        out.steps.push_back(s);
    }
    /// Of the step to come: nothing else of it may read what is overwritten.
    constexpr void note_in_place(const step& s, int written, int read) {
        const int old = out.accesses[at(s.first_access + read)].buffer;
        if (old == s.left || old == s.right) return;
        for (int a = 0; a < s.access_count; ++a)
            if (a != read && out.accesses[at(s.first_access + a)].buffer == old) return;
        in_place_.push_back({static_cast<int>(out.steps.size()), out.accesses[at(s.first_access + written)].buffer, old});
    }
    constexpr void describe_contraction(int n, step& s) {
        auto side = [&](int k, bool& transposed) {
            const int operand = g.operand(n, k);
            transposed = g[operand].op->kind == op_kind::movement;
            return static_cast<std::int16_t>(buffer_for(transposed ? g.operand(operand, 0) : operand));
        };
        s.left = side(0, s.left_transposed);
        s.right = side(1, s.right_transposed);
        s.rows_are_summed = g.is(n, &info<contract_rows_op>);
    }
    constexpr int body_index(const assembled& kernel, bool scalar) {
        for (std::size_t b = 0; b < out.bodies.size(); ++b)
            if (same_body(out.bodies[b], kernel, scalar)) return static_cast<int>(b);
        body_range made{};
        made.first_instruction = static_cast<int>(out.code.size());
        made.instructions = static_cast<int>(kernel.code.size());
        made.first_store = static_cast<int>(out.stores.size());
        made.stores = static_cast<int>(kernel.stores.size());
        made.phases = kernel.phases;
        made.saves = kernel.saves;
        made.scalar = scalar;
        made.across = kernel.across;
        for (const instruction& i : kernel.code) out.code.push_back(i);
        for (const store& s : kernel.stores) out.stores.push_back(s);
        out.bodies.push_back(made);
        return static_cast<int>(out.bodies.size()) - 1;
    }
    constexpr bool same_body(const body_range& b, const assembled& kernel, bool scalar) const {
        if (b.instructions != static_cast<int>(kernel.code.size()) || b.stores != static_cast<int>(kernel.stores.size()) || b.scalar != scalar || b.across != kernel.across) return false;
        for (int i = 0; i < b.instructions; ++i)
            if (!(out.code[at(b.first_instruction + i)] == kernel.code[at(i)])) return false;
        for (int i = 0; i < b.stores; ++i)
            if (!(out.stores[at(b.first_store + i)] == kernel.stores[at(i)])) return false;
        return true;
    }
};

/// The draft in arrays of exactly its sizes, so that the compiler carries nothing empty along.
template <plan_sizes Size>
constexpr plan<Size> shrink(const auto& d) {
    plan<Size> p;
    auto take = [](const auto& from, auto& to) {
        for (std::size_t i = 0; i < to.size(); ++i) to[i] = from[i];
    };
    take(d.steps, p.steps);
    take(d.accesses, p.accesses);
    take(d.code, p.code);
    take(d.stores, p.stores);
    take(d.bodies, p.bodies);
    take(d.buffers, p.buffers);
    take(d.slots, p.slots);
    take(d.results, p.results);
    take(d.constraints, p.constraints);
    take(d.loops, p.loops);
    take(d.checkpoints, p.checkpoints);
    for (std::size_t i = 0; i < d.fired.size() && i < p.fired.size(); ++i) p.fired[i] = d.fired[i];
    p.guard = d.guard;
    p.visits = d.visits;
    p.refused = d.refused;
    p.clash = d.clash;
    return p;
}

/// A draft in large fixed arrays: the form in which it can leave the function that made it.
template <plan_sizes Capacity>
struct plan_large : plan<Capacity> {
    plan_sizes used{};
    bool overflows = false;
};
template <plan_sizes Capacity>
constexpr plan_large<Capacity> enlarge(const plan_draft& d) {
    plan_large<Capacity> p;
    auto take = [&p](const auto& from, auto& to) {
        p.overflows = p.overflows || from.size() > to.size();
        if (p.overflows) return;
        for (std::size_t i = 0; i < from.size(); ++i) to[i] = from[i];
    };
    take(d.steps, p.steps);
    take(d.accesses, p.accesses);
    take(d.code, p.code);
    take(d.stores, p.stores);
    take(d.bodies, p.bodies);
    take(d.buffers, p.buffers);
    take(d.slots, p.slots);
    take(d.results, p.results);
    take(d.constraints, p.constraints);
    take(d.loops, p.loops);
    take(d.checkpoints, p.checkpoints);
    take(d.fired, p.fired);
    p.guard = d.guard;
    p.visits = d.visits;
    p.refused = d.refused;
    p.clash = d.clash;
    p.used = d.sizes();
    return p;
}

/// Body number b of a plan as the value a kernel template is keyed by.
template <int Instructions, int Stores>
constexpr auto body_of_plan(const auto& p, int b) {
    const body_range& range = p.bodies[static_cast<std::size_t>(b)];
    body<static_cast<std::size_t>(Instructions), static_cast<std::size_t>(Stores)> made;
    for (int i = 0; i < Instructions; ++i) made.code[static_cast<std::size_t>(i)] = p.code[static_cast<std::size_t>(range.first_instruction + i)];
    for (int i = 0; i < Stores; ++i) made.stores[static_cast<std::size_t>(i)] = p.stores[static_cast<std::size_t>(range.first_store + i)];
    made.phases = range.phases;
    made.saves = range.saves;
    made.scalar = range.scalar;
    made.across = range.across;
    return made;
}

}  // namespace xgrad
