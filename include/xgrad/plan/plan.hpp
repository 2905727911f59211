// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/position.hpp>
#include <xgrad/plan/schedule.hpp>
#include <xgrad/plan/whole.hpp>

namespace xgrad {

/// How many of each a plan holds; the arrays of `plan` have these sizes.
struct plan_sizes {
    std::size_t steps = 0, accesses = 0, code = 0, stores = 0, bodies = 0, buffers = 0, slots = 0, results = 0, constraints = 0;
};

struct body_range {
    int first_instruction, instructions, first_store, stores, phases, saves;
    bool scalar, across;
};

/// What the compiler decided: kernels in order, their bodies, every buffer and the slot it lives in. Values only.
template <plan_sizes Size>
struct plan {
    static constexpr plan_sizes size = Size;
    std::array<step, Size.steps> steps{};
    std::array<access, Size.accesses> accesses{};
    std::array<instruction, Size.code> code{};
    std::array<store, Size.stores> stores{};
    std::array<body_range, Size.bodies> bodies{};
    std::array<buffer, Size.buffers> buffers{};
    std::array<shape, Size.slots> slots{};
    std::array<int, Size.results> results{};  ///< buffer of each result, in the order asked for
    std::array<extent_constraint, Size.constraints> constraints{};
    std::array<int, rewrite_rules.size()> fired{};  ///< how often each rewrite rule fired
    int guard = -1;                           ///< the buffer of the loss that must be finite before parameters change
    long visits = 0;
};

/// A plan while it grows.
struct plan_draft {
    growing_array<step> steps{};
    growing_array<access> accesses{};
    growing_array<instruction> code{};
    growing_array<store> stores{};
    growing_array<body_range> bodies{};
    growing_array<buffer> buffers{};
    growing_array<shape> slots{};
    growing_array<int> results{};
    growing_array<extent_constraint> constraints{};
    growing_array<int> fired{};
    int guard = -1;
    long visits = 0;

    constexpr plan_sizes sizes() const {
        return {steps.size(), accesses.size(), code.size(), stores.size(), bodies.size(), buffers.size(), slots.size(), results.size(), constraints.size()};
    }
};

/// From a graph after rewriting to a plan.
class planner {
public:
    constexpr planner(graph& graph_, bool apart) : g(graph_), groups_(graph_, apart) {}

    /// `guarded`: the numbers that must be finite before parameters change, the loss first. `declared`: every name of the formula.
    constexpr plan_draft run(growing_array<goal> goals, span<const int> guarded, const growing_array<const declaration*>& declared) {
        growing_array<char> taken(g.nodes.size(), 0);
        for (goal& o : goals) o.node = owned(o.node, taken);
        groups_.extend();
        do {
            groups_.run(goals);
            for (int n : guarded) groups_.materialise(n);
        } while (groups_.again());
        scheduler scheduler_(g, groups_);
        const kernel_order order = scheduler_.run(goals, guarded);
        buffer_of_.resize(g.nodes.size(), -1);
        registers_.resize(g.nodes.size(), -1);
        for (const goal& o : goals)
            if (o.target < 0) out.results.push_back(buffer_for(o.node));
        for (std::size_t i = 0; i < order.order.size(); ++i) {
            if (static_cast<int>(i) == order.guard_before)
                for (int n : guarded) add_guard(n);
            const int index = order.order[i];
            add_step(groups_.groups[at(index)], order.stores[at(index)], order.writes[at(index)] != 0);
        }
        if (guarded.size() > 0) out.guard = buffer_for(guarded[0]);
        assign_slots();
        note_unread(declared);
        out.constraints = g.constraints;
        out.fired = g.fired;
        out.visits = g.visits + groups_.visits;
        return out;
    }

private:
    graph& g;
    grouping groups_;
    plan_draft out{};
    growing_array<int> buffer_of_{}, registers_{};
    struct replacement {
        int step, written, read;  ///< buffers
    };
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
        } else if (n.op->kind == op_kind::leaf) {
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

    constexpr assembled assemble(const group& in, bool whole, const growing_array<std::pair<int, int>>& stores) {
        if (whole) return assemble_whole(g, in.contraction);
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

    /// Temporaries of one shape whose lives do not overlap share a slot; where one ends in the kernel that makes the next,
    /// element by element, the next overwrites it. Results live in the caller's memory.
    constexpr void assign_slots() {
        growing_array<int> first(out.buffers.size(), -1), last(out.buffers.size(), -1);
        auto touch = [&](int b, int when) {
            if (b < 0) return;
            if (first[at(b)] < 0) first[at(b)] = when;
            last[at(b)] = when;
        };
        for (std::size_t i = 0; i < out.steps.size(); ++i) {
            const step& s = out.steps[i];
            const int when = static_cast<int>(i);
            for (int a = 0; a < s.access_count; ++a) touch(out.accesses[at(s.first_access + a)].buffer, when);
            if (s.kind == step_kind::contraction) {
                touch(s.left, when);
                touch(s.right, when);
            } else if (s.kind == step_kind::guard) {
                touch(s.left, static_cast<int>(out.steps.size()));  // the error says what it was
            }
        }
        touch(out.guard, static_cast<int>(out.steps.size()));
        for (std::size_t r = 0; r < out.results.size(); ++r) {
            buffer& b = out.buffers[at(out.results[r])];
            b.kind = buffer_kind::result;
            b.state = static_cast<std::int16_t>(r);
        }
        growing_array<int> busy_until;
        std::size_t next_in_place = 0;  // they come in the order of steps
        growing_array<int> by_start;
        for (std::size_t i = 0; i < out.steps.size(); ++i) {
            const std::size_t first_in_place = next_in_place;
            while (next_in_place < in_place_.size() && in_place_[next_in_place].step == static_cast<int>(i)) ++next_in_place;
            for (int a = 0; a < out.steps[i].access_count; ++a) {
                const int b = out.accesses[at(out.steps[i].first_access + a)].buffer;
                buffer& target = out.buffers[at(b)];
                if (target.kind != buffer_kind::temporary || target.slot >= 0) continue;
                for (std::size_t k = first_in_place; k < next_in_place; ++k) {
                    const replacement& r = in_place_[k];
                    const buffer& old = out.buffers[at(r.read)];
                    if (r.written != b || old.kind != buffer_kind::temporary || old.slot < 0 || target.slot >= 0) continue;
                    if (first[at(b)] == r.step && last[at(r.read)] == r.step && busy_until[at(old.slot)] == r.step && old.extents == target.extents) target.slot = old.slot;
                }
                for (std::size_t slot = 0; slot < out.slots.size() && target.slot < 0; ++slot)
                    if (busy_until[slot] < first[at(b)] && out.slots[slot] == target.extents) target.slot = static_cast<std::int16_t>(slot);
                if (target.slot < 0) {
                    target.slot = static_cast<std::int16_t>(out.slots.size());
                    out.slots.push_back(target.extents);
                    busy_until.push_back(-1);
                }
                busy_until[at(target.slot)] = last[at(b)];
            }
        }
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
    for (std::size_t i = 0; i < d.fired.size() && i < p.fired.size(); ++i) p.fired[i] = d.fired[i];
    p.guard = d.guard;
    p.visits = d.visits;
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
    take(d.fired, p.fired);
    p.guard = d.guard;
    p.visits = d.visits;
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
