// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/edge.hpp>
#include <xgrad/plan/draft.hpp>

namespace xgrad {

/// The kernels of a plan as what runs as a whole, with the arrays that each touches and the earlier ones that it waits for.
class plan_units {
public:
    enum class edge : char { none, taken, padded };  ///< one end of the steps is read, or put among zeros
    /// A kernel, a loop with all its kernels, or loops that are checkpointed already.
    struct unit {
        int first, last, first_use = 0, uses = 0;
        bool walks = false, sums = false, loops = false;  ///< a kernel that goes along the steps; whose results are complete after the last; a loop
        bool ends_late = false;  ///< a product over the steps: what is done with it is done after the last one
        edge end = edge::none;
        bool at_last = false;  ///< that end
        extent steps{};
    };
    /// An array that a unit touches, and which axis of it are the steps, met one by one; -1 if it needs all of it at once.
    struct use {
        int unit, buffer;
        bool written;
        int along;
    };
    static constexpr int whole = -1;
    const plan_draft& plan;
    growing_array<unit> units{};
    growing_array<use> uses{};
    growing_array<growing_array<int>> waits_for{};  ///< by unit: the earlier ones it comes after

    constexpr explicit plan_units(const plan_draft& p) : plan(p) {
        find_units();
        find_order();
    }
    constexpr int count() const { return static_cast<int>(units.size()); }
    constexpr span<const use> uses_of(int u) const { return span<const use>(uses.data(), uses.size()).part(at(units[at(u)].first_use), at(units[at(u)].uses)); }
    constexpr const shape& shape_of(int buffer) const { return plan.buffers[at(buffer)].extents; }
    /// The first state of a loop.
    constexpr const loop_state& state_of(const unit& u) const {
        std::size_t l = 0;
        while (plan.loops[l].first != u.first || plan.loops[l].last != u.last) ++l;
        return plan.loops[l];
    }

private:
    static constexpr std::size_t at(int i) { return static_cast<std::size_t>(i); }

    constexpr void find_units() {
        const int steps = static_cast<int>(plan.steps.size());
        std::size_t l = 0;
        auto begin_unit = [&](int first, int last) {
            unit made{first, last};
            made.first_use = static_cast<int>(uses.size());
            units.push_back(made);
        };
        auto end_unit = [&] { units.back().uses = static_cast<int>(uses.size()) - units.back().first_use; };
        for (int s = 0; s <= steps;) {
            for (; l < plan.loops.size() && plan.loops[l].first == s && plan.loops[l].last == s; ++l) {
                begin_unit(s, s);
                add_state(plan.loops[l]);
                end_unit();
            }
            if (s == steps) break;
            int end = s + 1;
            bool is_loop = l < plan.loops.size() && plan.loops[l].first == s, is_plain = true;
            if (is_loop) end = plan.loops[l].last;
            for (const checkpointed_loops& c : plan.checkpoints)
                if (c.first == s || c.back_first == s) {
                    end = c.first == s ? c.last : c.back_last;
                    is_plain = is_loop = false;
                }
            begin_unit(s, end);
            if (is_loop) units.back().steps = plan.buffers[at(plan.loops[l].carry)].extents[0];
            for (; l < plan.loops.size() && plan.loops[l].first < end; ++l) {
                is_loop = is_loop && plan.loops[l].depth == 0;
                add_state(plan.loops[l]);
            }
            for (int k = s; k < end; ++k) add_step(plan.steps[at(k)]);
            units.back().loops = is_loop;
            if (is_plain && !is_loop && end == s + 1) classify(plan.steps[at(s)]);
            end_unit();
            s = end;
        }
    }
    constexpr void add(int buffer, bool written, int along) {
        if (buffer >= 0) uses.push_back({static_cast<int>(units.size()) - 1, buffer, written, along});
    }
    constexpr void add_state(const loop_state& l) {
        add(l.carry, true, 0);
        add(l.next, false, 0);
        add(l.initial, false, whole);
    }
    constexpr bool is_stored(const step& s, int a) const {
        const body_range& body = plan.bodies[at(s.body)];
        for (int k = 0; k < body.stores; ++k)
            if (plan.stores[at(body.first_store + k)].access == a) return true;
        return false;
    }
    constexpr void add_step(const step& s) {
        if (s.kind == step_kind::guard) return add(s.left, false, whole);
        if (const edge end = end_of(s); end != edge::none) {  // (the second operand of a padding is there for its extents alone)
            add(buffer_of(s, 0), false, end == edge::taken ? 0 : whole);
            return add(buffer_of(s, s.access_count - 1), true, end == edge::padded ? 0 : whole);
        }
        for (int a = 0; a < s.access_count; ++a) {
            const access& from = plan.accesses[at(s.first_access + a)];
            add(from.buffer, is_stored(s, a), s.rows_are_summed ? whole : axis_along(s, from));
        }
        if (s.kind != step_kind::contraction) return;
        auto has_steps = [&](int buffer) { return s.space.rank > 0 && shape_of(buffer)[0] == s.space[0]; };
        add(s.left, false, s.rows_are_summed || has_steps(s.left) ? 0 : whole);
        add(s.right, false, s.rows_are_summed || (shape_of(s.right).rank > 2 && has_steps(s.right)) ? 0 : whole);
    }
    constexpr int buffer_of(const step& s, int a) const { return plan.accesses[at(s.first_access + a)].buffer; }
    /// Whether a kernel has to do with one end of the outermost axis alone.
    constexpr edge end_of(const step& s) const {
        if (s.kind != step_kind::whole) return edge::none;
        const instruction& op = plan.code[at(plan.bodies[at(s.body)].first_instruction)];
        if (op.a != 1 || op.b != 0 || op.c != 0) return edge::none;
        return op.op == info<edge_op>.digest ? edge::taken : op.op == info<pad_edge_op>.digest ? edge::padded : edge::none;
    }
    constexpr int axis_along(const step& s, const access& from) const {
        const int axis = s.space.rank > 0 ? from.axes[0] : -1;
        if (axis < 0 || !(shape_of(from.buffer)[axis] == s.space[0])) return whole;
        for (std::size_t i = 1; i < max_rank; ++i)
            if (from.axes[i] == axis) return whole;
        return axis;
    }
    /// Whether a kernel outside of loops can be run for some of the steps, and whether it sums over them.
    constexpr void classify(const step& s) {
        unit& u = units.back();
        u.end = end_of(s);
        if (u.end != edge::none) {
            u.steps = shape_of(buffer_of(s, u.end == edge::taken ? 0 : s.access_count - 1))[0];
            u.at_last = plan.code[at(plan.bodies[at(s.body)].first_instruction)].number != 0;
        }
        if (s.kind == step_kind::guard || s.kind == step_kind::whole) return;
        const body_range& body = plan.bodies[at(s.body)];
        if (s.kind == step_kind::contraction && s.rows_are_summed) {
            const shape &left = shape_of(s.left), &right = shape_of(s.right);
            u.walks = u.sums = u.ends_late = left.rank > 1 && right.rank > 1 && left[0] == right[0] && !s.left_transposed && !s.right_transposed;
            u.steps = left[0];
            return;
        }
        if (body.scalar || s.space.rank == 0 || s.writes_parameters) return;
        u.steps = s.space[0];
        const auto code = span<const instruction>(plan.code).part(at(body.first_instruction), at(body.instructions));
        const auto stores = span<const store>(plan.stores).part(at(body.first_store), at(body.stores));
        u.walks = s.space.rank > s.column_axes || (s.kind == step_kind::rows && !takes_whole_rows(code, stores, body.phases));
        if (s.kind == step_kind::contraction) {
            const shape &left = shape_of(s.left), &right = shape_of(s.right);
            const extent& columns = right[right.rank - (s.right_transposed ? 2 : 1)];
            u.walks = (u.walks || columns.is_one()) && !s.left_transposed && left.rank > 1 && right.rank == 2 && left[0] == u.steps;
        }
        for (const store& to : stores) {
            const int axis = plan.accesses[at(s.first_access + to.access)].axes[0];
            u.sums = u.sums || axis < 0;
            u.walks = u.walks && !(to.is_late() && axis > 0);
        }
    }
    constexpr void find_order() {
        waits_for = growing_array<growing_array<int>>(units.size());
        growing_array<growing_array<int>> touched(plan.buffers.size());  // by buffer: its uses
        for (std::size_t i = 0; i < uses.size(); ++i) {
            const use& later = uses[i];
            for (const int k : touched[at(later.buffer)]) {
                const use& earlier = uses[at(k)];
                if (earlier.unit != later.unit && (earlier.written || later.written)) waits_for[at(later.unit)].push_back(earlier.unit);
            }
            touched[at(later.buffer)].push_back(static_cast<int>(i));
        }
        int guard = -1;
        for (int u = 0; u < count(); ++u) {
            bool writes = false;
            for (int s = units[at(u)].first; s < units[at(u)].last; ++s) {
                if (plan.steps[at(s)].kind == step_kind::guard) guard = u;
                writes = writes || plan.steps[at(s)].writes_parameters;
            }
            for (int k = 0; writes && k <= guard; ++k)
                if (k != u && units[at(k)].first < units[at(k)].last && plan.steps[at(units[at(k)].first)].kind == step_kind::guard) waits_for[at(u)].push_back(k);
        }
    }
};

}  // namespace xgrad
