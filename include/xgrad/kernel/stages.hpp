// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/extents.hpp>

#include <algorithm>

namespace xgrad::kernel {

/// Steps that run together, panel by panel of one outermost axis, so that what one of them makes is read while it is near: row
/// kernels in panels that fit the first-level cache; products among them in panels of megabytes, where that spares the memory
/// of something far larger. Sums over the axis grow from panel to panel. Most stages are one step and one panel.
struct stage {
    std::size_t first, last;           ///< steps [first, last) of the plan
    std::ptrdiff_t extent, at_a_time;  ///< of the outermost axis
    bool products;
    std::ptrdiff_t room = 0;           ///< the largest extent that would not be cut: slots have room for it, so that a smaller batch needs no more
    std::ptrdiff_t first_state = 0, states = 0;  ///< of plan_view::loops: the kernels run for one step of the axis after the other
    int checkpointed = 0;  ///< the number, from 1, of checkpointed loops, whose kernels run for one segment after the other; their way back
    bool runs_back = false;
    bool is_cut() const { return at_a_time < extent; }
    bool is_loop() const { return states > 0; }
    /// Whether kernel k of the stage runs for one step of a loop at a time.
    bool runs_by_steps(const plan_view& plan, std::size_t k) const {
        for (const loop_state& l : plan.loops)
            if (checkpointed > 0 && static_cast<std::size_t>(l.first) <= k && k < static_cast<std::size_t>(l.last)) return true;
        return is_loop();
    }
    /// How much of the axis a call of kernel k goes over.
    std::ptrdiff_t panel_of(const plan_view& plan, std::size_t k) const { return runs_by_steps(plan, k) ? 1 : at_a_time; }
};

/// Finds the stages of a plan whose calls are made.
class stage_search {
public:
    /// Bytes of a panel of row kernels: it should stay in the first-level cache, but a row's own kernels want some thousand
    /// elements a call.
    static constexpr std::ptrdiff_t cache = 48 * 1024, worthwhile = 2 * cache, fewest_elements = 4096;
    /// Bytes of intermediates in a panel with products. Larger than needed for speed: each panel packs the weights again.
    static constexpr std::ptrdiff_t product_panel = 25 * 1024 * 1024;

    growing_array<stage> stages{};
    growing_array<char> waits{};  ///< by step: runs whole, when the last panel of its stage has come to it
    growing_array<int> owner{};   ///< by slot: the stage that alone uses it, so that it needs room for one panel only; or -1

    XGRAD_RARELY void find(const call_maker& maker, span<const call> calls, std::ptrdiff_t element_bytes) {
        maker_ = &maker;
        calls_ = calls;
        bytes_ = element_bytes;
        stages.clear();
        stages.reserve(steps().size());
        seen_.reserve(maker.plan.accesses.size());
        for (growing_array<use>* uses : {&earlier_, &later_}) uses->reserve(maker.plan.accesses.size() + maker.plan.stores.size() + 2);
        waits.assign(steps().size(), 0);
        owner.assign(maker.plan.slots.size(), none);
        bool much = false;
        for (const shape& s : maker.plan.slots) much = much || maker.elements(s) * bytes_ > product_panel / 2;
        std::size_t next_loop = 0;
        const span<const loop_state> loops = maker.plan.loops;
        for (std::size_t i = 0;; i = stages.back().last) {
            const loop_state* const next = next_loop < loops.size() ? &loops[next_loop] : nullptr;
            end_ = next ? at(next->first) : steps().size();
            if (next && i == end_ && next->checkpointed == 0) {
                stages.push_back(loop(next_loop));
                next_loop += at(stages.back().states);
                while (next_loop < loops.size() && loops[next_loop].depth > 0) ++next_loop;
            } else if (const stage segments = in_segments(i); segments.checkpointed > 0) {
                stages.push_back(segments);
                while (next_loop < loops.size() && at(loops[next_loop].first) < segments.last) ++next_loop;
            } else if (i < end_) {
                stages.push_back(outside_loops(i, much));
            } else {
                return;
            }
        }
    }

private:
    enum class how {
        along,  ///< walked along the outermost axis, panel by panel
        whole,  ///< in every panel, all of it
        once    ///< when the last panel is there
    };
    /// An array that a step touches, by the piece of memory in which it lies.
    struct use {
        int memory;
        bool written;
        how walked;
    };

    static constexpr int none = -1;
    const call_maker* maker_ = nullptr;
    span<const call> calls_{};
    std::ptrdiff_t bytes_ = 0;
    std::size_t end_ = 0;         ///< where the next loop begins
    growing_array<int> seen_{};   ///< (kept, as the next two, so that a ragged batch allocates nothing)
    growing_array<use> earlier_{}, later_{};
    static constexpr char unused = 0, mine = 1, shared = 2;
    growing_array<char> used_{};  ///< by slot: whether a stage alone uses it, all along the axis

    static std::size_t at(std::integral auto i) { return static_cast<std::size_t>(i); }
    span<const step> steps() const { return maker_->plan.steps; }
    const shape& shape_of(int buffer) const { return maker_->plan.buffers[at(buffer)].extents; }
    void wait_no_longer(std::size_t first) {
        for (std::size_t i = first; i < waits.size(); ++i) waits[i] = 0;
    }
    /// From a step on, with products or without. `much`: an intermediate is so large that panels with products may pay.
    XGRAD_RARELY stage outside_loops(std::size_t i, bool much) {
        stage made = much ? with_products(i) : whole(i);
        if (!made.is_cut()) {
            wait_no_longer(i);
            made = of_rows(i);
        }
        if (made.is_cut()) own_slots(made);
        return made;
    }
    stage whole(std::size_t i) const { return {i, i + 1, calls_[i].leading, calls_[i].leading, false}; }

    /// Those of checkpointed loops that begin with a step. Else sees to it that a stage before them ends there.
    stage in_segments(std::size_t i) {
        for (std::size_t n = 0; n < maker_->plan.checkpoints.size(); ++n) {
            const checkpointed_loops& c = maker_->plan.checkpoints[n];
            for (const bool runs_back : {false, true}) {
                const std::size_t first = at(runs_back ? c.back_first : c.first), last = at(runs_back ? c.back_last : c.last);
                if (first > i) end_ = std::min(end_, first);
                if (first != i) continue;
                wait_no_longer(first);
                const std::ptrdiff_t extent = maker_->sizes[steps_of(n + 1)];
                stage made{first, last, extent, std::min<std::ptrdiff_t>(c.every, extent), true};
                made.checkpointed = static_cast<int>(n + 1);
                made.runs_back = runs_back;
                return made;
            }
        }
        return {i, i, 1, 1, false};
    }
    const extent& steps_of(std::size_t checkpointed) const {
        std::size_t l = 0;
        while (at(maker_->plan.loops[l].checkpointed) != checkpointed) ++l;
        return shape_of(maker_->plan.loops[l].carry)[0];
    }

    // ---- loops

    /// One panel a step. What only its kernels use holds one step, but for what is copied from step to step. A state without kernels is a loop of its own.
    XGRAD_RARELY stage loop(std::size_t first_state) {
        const span<const loop_state> loops = maker_->plan.loops;
        const loop_state& l = loops[first_state];
        stage made{at(l.first), at(l.last), maker_->sizes[shape_of(l.carry)[0]], 1, true, 1, static_cast<std::ptrdiff_t>(first_state), 1};
        while (first_state + at(made.states) < loops.size() && l.runs_with(loops[first_state + at(made.states)])) ++made.states;
        wait_no_longer(made.first);
        const bool has_loops_inside = first_state + at(made.states) < loops.size() && loops[first_state + at(made.states)].depth > 0;
        if (!has_loops_inside) own_slots(made);
        return made;
    }

    // ---- what a step uses, and how

    /// A product whose depth is the outermost axis: it is complete after the last panel.
    static bool sums_rows(const step& s) { return s.kind == step_kind::contraction && s.rows_are_summed; }

    /// What step i reads, what it writes, the two sides of a product.
    XGRAD_RARELY void list_uses(std::size_t i, growing_array<use>& uses) const {
        uses.clear();
        const step& s = steps()[i];
        const plan_view& plan = maker_->plan;
        const auto add = [&](int buffer, bool written, how walked) { uses.push_back({memory_of(buffer), written, walked}); };
        if (s.kind == step_kind::guard) return add(s.left, false, how::once);
        const how along = waits[i] ? how::once : how::along, all = waits[i] ? how::once : how::whole;
        // A product over the axis has its epilogue after the last panel; without one its result grows in its place from the first.
        const bool grows = sums_rows(s) && !waits[i];
        const how grown = is_plain_product(plan, s) ? how::whole : how::once;
        const auto accesses = plan.accesses_of(s);
        const auto walked = [&](const access& a) { return grows ? grown : a.axes[0] == 0 ? along : all; };
        for (const access& a : accesses) add(a.buffer, false, walked(a));
        for (const store& to : plan.stores_of(s)) add(accesses[to.access].buffer, true, walked(accesses[to.access]));
        if (s.kind != step_kind::contraction) return;
        add(s.left, false, along);
        add(s.right, false, sums_rows(s) ? along : all);
    }
    /// Buffers that share a slot are one piece of memory.
    int memory_of(int buffer) const {
        const int slot = maker_->plan.buffers[at(buffer)].slot;
        return slot >= 0 ? static_cast<int>(maker_->plan.buffers.size()) + slot : buffer;
    }
    /// Whether a step may stand in one stage with those from `first` on: what one of them writes and it uses, or the other way round, both walk along,
    /// or it touches when all else is done.
    XGRAD_RARELY bool follows(std::size_t first, std::size_t next) {
        list_uses(next, later_);
        for (std::size_t i = first; i < next; ++i) {
            list_uses(i, earlier_);
            for (const use& a : earlier_)
                for (const use& b : later_) {
                    if (a.memory != b.memory || (!a.written && !b.written)) continue;
                    if (b.walked != how::once && (a.walked != how::along || b.walked != how::along)) return false;
                }
        }
        return true;
    }

    // ---- runs of row kernels

    /// The outermost axis may be walked in pieces: it is an axis of rows, or of columns that no reduction needs whole.
    XGRAD_RARELY bool rows_can_be_cut(std::size_t i) const {
        const step& s = steps()[i];
        const plan_view& plan = maker_->plan;
        if (s.kind != step_kind::rows || s.space.rank == 0 || plan.body_of(s).scalar || calls_[i].leading < 2 || scatters_sums(plan, s)) return false;
        return calls_[i].row_axes > 0 || !needs_whole_columns(plan, s);
    }
    XGRAD_RARELY stage of_rows(std::size_t first) {
        std::size_t last = first;
        while (last < end_ && rows_can_be_cut(last) && calls_[last].leading == calls_[first].leading && follows(first, last)) ++last;
        if (last - first < 2) return whole(first);
        const stage made = in_panels(first, last);
        return made.is_cut() ? made : whole(first);
    }
    XGRAD_RARELY stage in_panels(std::size_t first, std::size_t last) {
        const std::ptrdiff_t extent = calls_[first].leading;
        seen_.clear();
        std::ptrdiff_t each = 0, elements = 1;
        for (std::size_t i = first; i < last; ++i) {
            elements = std::max(elements, calls_[i].rows * calls_[i].columns / extent);
            for (const access& a : maker_->plan.accesses_of(steps()[i])) {
                const int memory = memory_of(a.buffer);
                bool seen = a.axes[0] != 0;
                for (const int m : seen_) seen = seen || m == memory;
                if (seen) continue;
                seen_.push_back(memory);
                each += maker_->stride(shape_of(a.buffer), 0) * bytes_;
            }
        }
        each = std::max<std::ptrdiff_t>(each, 1);
        if (each * extent < worthwhile) return {first, last, extent, extent, false};
        std::ptrdiff_t some = std::max<std::ptrdiff_t>(1, cache / each);
        if (elements > 1) some = std::max(some, (fewest_elements + elements - 1) / elements);
        const std::ptrdiff_t unit = unit_of(first, last);
        return {first, last, extent, std::max(unit, some / unit * unit), false, worthwhile / each};
    }
    std::ptrdiff_t unit_of(std::size_t first, std::size_t last) const {
        std::ptrdiff_t unit = 1;
        for (std::size_t i = first; i < last; ++i) unit = std::max(unit, cutting_unit(maker_->plan, steps()[i], calls_[i]));
        return unit;
    }

    // ---- runs with products

    std::ptrdiff_t leading_of(std::size_t i) const {
        const step& s = steps()[i];
        return sums_rows(s) ? maker_->sizes[shape_of(s.left)[0]] : calls_[i].leading;
    }
    XGRAD_RARELY bool can_be_cut(std::size_t i) const {
        const step& s = steps()[i];
        if (s.kind == step_kind::guard || s.kind == step_kind::whole || (s.writes_parameters && !sums_rows(s))) return false;
        if (s.kind == step_kind::rows) return rows_can_be_cut(i);
        const call& c = calls_[i];
        if (c.product.batches > 1 || s.left_transposed || scatters_sums(maker_->plan, s) || shape_of(s.left).rank < 2 || shape_of(s.right).rank < 2) return false;
        if (sums_rows(s)) return !s.right_transposed;
        return shape_of(s.right).rank == 2 && (c.row_axes > 0 || c.sides_swapped) && maker_->sizes[shape_of(s.left)[0]] == c.leading;
    }
    /// As many steps from `first` on as can run in panels; those that cannot wait for the last one.
    XGRAD_RARELY stage with_products(std::size_t first) {
        if (!can_be_cut(first)) return whole(first);
        std::size_t last = first, stop = first;
        for (; stop < end_; ++stop) {
            waits[stop] = !can_be_cut(stop) || leading_of(stop) != leading_of(first);
            if (!follows(first, stop)) break;
            if (!waits[stop]) last = stop + 1;
        }
        wait_no_longer(last);
        std::ptrdiff_t each = 0;
        find_own_slots(first, last);
        for (std::size_t slot = 0; slot < used_.size(); ++slot)
            if (used_[slot] == mine) each += maker_->stride(maker_->plan.slots[slot], 0) * bytes_;
        const std::ptrdiff_t extent = leading_of(first);
        if (each * extent <= product_panel) return whole(first);
        const std::ptrdiff_t unit = 3 * std::max<std::ptrdiff_t>(16, unit_of(first, last));  // whole register tiles
        return {first, last, extent, std::max(unit, product_panel / each / unit * unit), true, product_panel / each};
    }

    // ---- slots that hold one panel

    /// Those of the stage to come.
    void own_slots(const stage& made) {
        find_own_slots(made.first, made.last);
        for (std::size_t slot = 0; slot < used_.size(); ++slot)
            if (used_[slot] == mine) owner[slot] = static_cast<int>(stages.size());
    }
    XGRAD_RARELY void find_own_slots(std::size_t first, std::size_t last) {
        const std::size_t buffers = maker_->plan.buffers.size();
        used_.assign(maker_->plan.slots.size(), unused);
        for (std::size_t i = 0; i < steps().size(); ++i) {
            list_uses(i, later_);
            for (const use& u : later_) {
                if (at(u.memory) < buffers) continue;
                char& state = used_[at(u.memory) - buffers];
                state = i >= first && i < last && u.walked == how::along && state != shared ? mine : shared;
            }
        }
        for (const loop_state& l : maker_->plan.loops)  // what is copied, whole or from step to step
            for (const int buffer : {int{l.carry}, int{l.next}, int{l.initial}})
                if (buffer >= 0 && maker_->plan.buffers[at(buffer)].slot >= 0) used_[at(maker_->plan.buffers[at(buffer)].slot)] = shared;
    }
};

}  // namespace xgrad::kernel
