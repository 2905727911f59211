// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/arena.hpp>
#include <xgrad/kernel/part.hpp>
#include <xgrad/kernel/plan_view.hpp>
#include <xgrad/kernel/product.hpp>
#include <xgrad/kernel/extents.hpp>

#include <algorithm>

namespace xgrad::kernel {

/// The step that each of the loops in each other is at, the outermost first.
using loop_position = std::array<std::ptrdiff_t, max_rank>;

/// How far the elements of a loop's state are apart: those of one step are one piece of memory.
struct state_strides {
    std::ptrdiff_t elements = 0, steps = 0, step = 0;
    std::array<std::ptrdiff_t, max_rank> around{}, initial{};  ///< by the loop around, the outermost first: of the states, of what they begin with

    state_strides() = default;
    XGRAD_RARELY state_strides(const call_maker& maker, const loop_state& l) {
        const auto extents_of = [&](int buffer) -> const shape& { return maker.plan.buffers[static_cast<std::size_t>(buffer)].extents; };
        elements = maker.stride(extents_of(l.carry), l.depth);
        steps = maker.sizes[extents_of(l.carry)[0]];
        step = maker.stride(extents_of(l.carry), 0);
        for (int i = 1; i <= l.depth; ++i) {  // the steps of a state's own loop are its first axis, then come those of the loops around it
            around[static_cast<std::size_t>(l.depth - i)] = maker.stride(extents_of(l.carry), i);
            if (l.initial >= 0) initial[static_cast<std::size_t>(l.depth - i)] = maker.stride(extents_of(l.initial), i - 1);
        }
    }
};

/// Bytes that kernel k of the loop of kernels [first, last) keeps from step to step: the scratch of an op with a loop of its own; a product's right side,
/// packed, where no step writes it.
template <class T>
XGRAD_RARELY std::ptrdiff_t bytes_kept(const plan_view& plan, std::size_t first, std::size_t last, std::size_t k, const call& c) {
    const step& s = plan.steps[k];
    if (s.kind == step_kind::whole) return scratch_bytes_of(c);
    if (!c.contracts || c.sides_swapped || !product<T>::keeps_right(c.product)) return 0;
    for (std::size_t i = first; i < last; ++i)
        for (const store& to : plan.stores_of(plan.steps[i]))
            if (plan.accesses_of(plan.steps[i])[to.access].buffer == s.right) return 0;
    for (const loop_state& l : plan.loops)
        if (l.carry == s.right || l.next == s.right) return 0;
    return product<T>::workspace(c.product, true) * static_cast<std::ptrdiff_t>(sizeof(T));
}

/// Of how many segments of checkpointed loops a state is kept: ahead of each but the first, on the way back of the last one alone.
XGRAD_RARELY inline std::ptrdiff_t states_kept(const plan_view& plan, std::size_t loop, std::ptrdiff_t steps) {
    const loop_state& l = plan.loops[loop];
    if (l.checkpointed == 0) return 0;
    const checkpointed_loops& c = plan.checkpoints[static_cast<std::size_t>(l.checkpointed - 1)];
    return l.first >= c.back_first ? 1 : (steps - 1) / c.every;
}

/// What an array in a slot has of elements; of a segment no more than there are steps.
XGRAD_RARELY inline std::ptrdiff_t elements_of_slot(const call_maker& maker, std::size_t slot) {
    const plan_view& plan = maker.plan;
    if (plan.checkpoints.size() > 0)
        for (const buffer& b : plan.buffers)
            if (b.checkpointed > 0 && b.slot == static_cast<std::int16_t>(slot))
                return maker.stride(b.extents, 0) * std::min<std::ptrdiff_t>(maker.sizes[b.extents[0]], plan.checkpoints[static_cast<std::size_t>(b.checkpointed - 1)].every);
    return maker.elements(plan.slots[slot]);
}

/// The states of loops in memory: what they begin with, and how they are handed on from step to step.
template <class T>
class loop_memory {
public:
    const plan_view& plan;
    const state_strides* strides;  ///< by number in plan.loops
    void* const* addresses;        ///< by buffer

    /// Runs a loop, by the number of its first state, with those inside it: `kernel(k, where)` for each kernel at each step. Gives the number of the next loop.
    template <class Kernel>
    XGRAD_RARELY std::size_t run(std::size_t first, loop_position& where, Kernel& kernel) const {
        const span<const loop_state> loops = plan.loops;
        const loop_state l = loops[first];
        std::size_t inside = first + 1;
        while (inside < loops.size() && l.runs_with(loops[inside])) ++inside;
        const std::ptrdiff_t steps = strides[first].steps;
        for (std::size_t k = first; k < inside; ++k) begin(k, where, l.backwards ? steps - 1 : 0);
        for (std::ptrdiff_t i = 0; i < steps; ++i) {
            const std::ptrdiff_t now = where[at(l.depth)] = l.backwards ? steps - 1 - i : i;
            std::size_t next = inside;
            for (std::size_t k = at(l.first);; ++k) {
                while (next < loops.size() && loops[next].depth > l.depth && at(loops[next].first) == k) {
                    k = at(loops[next].last);
                    next = run(next, where, kernel);
                }
                if (k >= at(l.last)) break;
                kernel(k, where);
            }
            if (i + 1 == steps) break;
            for (std::size_t k = first; k < inside; ++k) hand_on(k, where, now, l.backwards ? now - 1 : now + 1);
        }
        while (inside < loops.size() && loops[inside].depth > l.depth) ++inside;
        return inside;
    }

    /// What state k begins with, at a step.
    XGRAD_RARELY void begin(std::size_t k, const loop_position& where, std::ptrdiff_t step) const {
        const loop_state& l = plan.loops[k];
        const state_strides& s = strides[k];
        T* const to = static_cast<T*>(addresses[at(l.carry)]) + step * s.step + offset(s.around, l, where);
        if (l.initial < 0) {
            std::fill_n(to, s.elements, T{0});
        } else if (plan.buffers[at(l.initial)].extents.rank == 0) {
            std::fill_n(to, s.elements, static_cast<T>(*static_cast<const double*>(addresses[at(l.initial)])));
        } else {
            std::copy_n(static_cast<const T*>(addresses[at(l.initial)]) + offset(s.initial, l, where), s.elements, to);
        }
    }
    /// What a step has made is the state before another.
    void hand_on(std::size_t k, const loop_position& where, std::ptrdiff_t from, std::ptrdiff_t to) const {
        const loop_state& l = plan.loops[k];
        const state_strides& s = strides[k];
        const std::ptrdiff_t here = offset(s.around, l, where);
        std::copy_n(static_cast<const T*>(addresses[at(l.next)]) + here + from * s.step, s.elements, static_cast<T*>(addresses[at(l.carry)]) + here + to * s.step);
    }

private:
    static std::size_t at(std::integral auto i) { return static_cast<std::size_t>(i); }
    static std::ptrdiff_t offset(const std::array<std::ptrdiff_t, max_rank>& around, const loop_state& l, const loop_position& where) {
        std::ptrdiff_t offset = 0;
        for (int i = 0; i < l.depth; ++i) offset += where[at(i)] * around[at(i)];
        return offset;
    }
};

/// 0, 1, 2, ... for what asks where it stands.
template <class T>
XGRAD_RARELY void place_positions(const call_maker& maker, std::byte* to_bytes, growing_array<void*>& addresses) {
    constexpr std::ptrdiff_t exact = std::ptrdiff_t{1} << 24;
    for (std::size_t b = 0; b < maker.plan.buffers.size(); ++b) {
        if (maker.plan.buffers[b].kind != buffer_kind::position) continue;
        const std::ptrdiff_t count = maker.elements(maker.plan.buffers[b].extents);
        if (count > exact) throw shape_error("xgrad: an axis whose places are counted, for random numbers or positions, has " + std::to_string(count) + " places, more than 2^24. Fix: smaller batches.");
        T* to = reinterpret_cast<T*>(to_bytes);
        std::iota(to, to + count, T{0});
        addresses[b] = to;
        to_bytes += arena::piece_bytes(static_cast<std::size_t>(count) * sizeof(T));
    }
}

/// How the kernels of loops in each other meet their elements: the first axes of a kernel's space, up to the last that is the steps of one of its loops,
/// are walked one place at a time; its call is made for what is left.
class loop_walks {
public:
    struct walk {
        int axes = 0;
        std::array<std::int8_t, max_rank> loop{};  ///< by axis: which of the loops steps along it, the outermost 0, or -1: the kernel goes over all of it in each step
    };
    growing_array<state_strides> states{};  ///< by number in plan.loops

    bool empty() const { return of_step_.empty(); }
    const walk& operator[](std::size_t step) const { return of_step_[step]; }

    XGRAD_RARELY void find(const call_maker& maker) {
        const plan_view& plan = maker.plan;
        of_step_.clear();
        states.clear();
        for (const loop_state& l : plan.loops) states.push_back({maker, l});
        for (const loop_state& inner : plan.loops) {
            if (inner.depth == 0) continue;
            if (of_step_.empty()) of_step_.resize(plan.steps.size());
            for (const loop_state& l : plan.loops)
                if (l.first <= inner.first && inner.last <= l.last && l.depth <= inner.depth) add(plan, l);
        }
        if (empty()) return;
        strides_.assign(plan.accesses.size() * max_rank, 0);
        sides_.assign(plan.steps.size() * 2 * max_rank, 0);
        for (std::size_t i = 0; i < plan.steps.size(); ++i) {
            const step& s = plan.steps[i];
            for (int j = 0; j < of_step_[i].axes; ++j) {
                for (int a = 0; a < s.access_count; ++a) {
                    const access& from = plan.accesses[at(s.first_access + a)];
                    const int axis = s.kind != step_kind::whole ? from.axes[at(j)] : from.axes[0] == 0 ? j : -1;
                    if (axis >= 0) strides_[at(s.first_access + a) * max_rank + at(j)] = maker.stride(plan.buffers[at(from.buffer)].extents, axis);
                }
                if (s.kind != step_kind::contraction) continue;
                const shape &left = plan.buffers[at(s.left)].extents, &right = plan.buffers[at(s.right)].extents;
                const int axis = call_maker::axis_of_space(left, j);
                sides_[i * 2 * max_rank + at(j)] = maker.stride(left, axis);
                if (right.rank > 2) sides_[(i * 2 + 1) * max_rank + at(j)] = maker.stride(right, axis);
            }
        }
    }
    /// A kernel at one step of its loops: `run(call)` for each place of the axes that it goes over.
    template <class T, class Make, class Run>
    XGRAD_RARELY void each(const call_maker& maker, std::size_t k, const loop_position& where, Make make, Run run) const {
        const walk& w = of_step_[k];
        const step& s = maker.plan.steps[k];
        loop_position place{};
        for (int j = 0; j < w.axes; ++j)
            if (w.loop[at(j)] >= 0) place[at(j)] = where[at(w.loop[at(j)])];
        for (int j = 0; j >= 0;) {
            part<T> mine = make();
            for (int a = 0; a < s.access_count; ++a) {
                const std::ptrdiff_t* strides = &strides_[at(s.first_access + a) * max_rank];
                bool goes_on = false;
                std::ptrdiff_t offset = 0;
                for (int i = 0; i < w.axes; ++i) {
                    offset += place[at(i)] * strides[i];
                    goes_on = goes_on || (w.loop[at(i)] < 0 && place[at(i)] > 0 && strides[i] == 0);
                }
                mine.move_operand(a, offset, goes_on);
            }
            if (s.kind == step_kind::contraction) {
                std::ptrdiff_t left = 0, right = 0;
                for (int i = 0; i < w.axes; ++i) {
                    left += place[at(i)] * sides_[k * 2 * max_rank + at(i)];
                    right += place[at(i)] * sides_[(k * 2 + 1) * max_rank + at(i)];
                }
                mine.move_sides(left, right);
            }
            run(mine.c);
            for (j = w.axes - 1; j >= 0; --j) {
                if (w.loop[at(j)] >= 0) continue;
                if (++place[at(j)] < maker.sizes[s.space[j]]) break;
                place[at(j)] = 0;
            }
        }
    }

private:
    growing_array<walk> of_step_{};
    growing_array<std::ptrdiff_t> strides_{}, sides_{};  ///< by access and walked axis; by step, side of a product and walked axis

    static std::size_t at(std::integral auto i) { return static_cast<std::size_t>(i); }
    void add(const plan_view& plan, const loop_state& l) {
        const extent& steps = plan.buffers[at(l.carry)].extents[0];
        for (int k = l.first; k < l.last; ++k) {
            walk& w = of_step_[at(k)];
            const shape& space = plan.steps[at(k)].space;
            for (int i = w.axes; i < max_rank; ++i) w.loop[at(i)] = -1;
            for (int i = 0; i < space.rank; ++i) {
                if (!(space[i] == steps)) continue;
                w.loop[at(i)] = static_cast<std::int8_t>(l.depth);
                w.axes = std::max(w.axes, i + 1);
                break;
            }
        }
    }
};

}  // namespace xgrad::kernel
