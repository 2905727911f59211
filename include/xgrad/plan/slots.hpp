// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/plan/draft.hpp>

namespace xgrad {

/// A kernel that may write one buffer in the place of another, which it reads for the last time.
struct replacement {
    int step, written, read;  ///< buffers
};

/// Temporaries of one shape whose lives do not overlap share a slot; where one ends in the kernel that makes the next,
/// element by element, the next overwrites it. Results live in the caller's memory. What holds one segment of checkpointed loops shares slots with its
/// like alone: those of one segment have the kernels that run ahead and back behind each other, as they stand in the plan.
class slot_search {
public:
    constexpr slot_search(plan_draft& draft, const growing_array<replacement>& in_place) : out(draft), in_place_(in_place), first(draft.buffers.size(), -1), last(draft.buffers.size(), -1) {}

    constexpr void run() {
        find_lives();
        share_slots();
    }

private:
    plan_draft& out;
    const growing_array<replacement>& in_place_;
    growing_array<int> busy_until{}, holder{}, segments_of{};  ///< by slot; the second is the buffer that has it, the third as buffer::checkpointed
    growing_array<int> first, last;  ///< by buffer: the steps it is needed in
    static constexpr std::size_t at(int i) { return static_cast<std::size_t>(i); }

    constexpr void find_lives() {
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
        for (const loop_state& l : out.loops) keep_through(l);
        for (const checkpointed_loops& c : out.checkpoints) {
            keep(c.first, c.last, c.first, c.back_last - 1);
            keep(c.back_first, c.back_last, c.back_first, c.back_last - 1);
        }
        touch(out.guard, static_cast<int>(out.steps.size()));
        for (std::size_t r = 0; r < out.results.size(); ++r) {
            buffer& b = out.buffers[at(out.results[r])];
            b.kind = buffer_kind::result;
            b.state = static_cast<std::int16_t>(r);
        }
    }
    /// A loop comes back to all that its kernels touch.
    constexpr void keep_through(const loop_state& l) {
        const int end = l.last > l.first ? l.last - 1 : l.first;
        for (const int b : {int{l.carry}, int{l.next}, int{l.initial}}) {
            touch(b, l.first);
            touch(b, end);
        }
        for (int s = l.first; s < l.last; ++s) {
            const step& inside = out.steps[at(s)];
            for (int a = 0; a < inside.access_count; ++a) {
                touch(out.accesses[at(inside.first_access + a)].buffer, l.first);
                touch(out.accesses[at(inside.first_access + a)].buffer, end);
            }
            touch(inside.left, end);
            touch(inside.right, end);
        }
    }
    /// What kernels touch that come again and again, segment after segment, lives as long as they do, unless it is a segment's own.
    constexpr void keep(int first_step, int last_step, int from, int to) {
        auto keep_one = [&](int b) {
            if (b < 0 || out.buffers[at(b)].checkpointed > 0) return;
            touch(b, from);
            touch(b, to);
        };
        for (int i = first_step; i < last_step; ++i) {
            const step& s = out.steps[at(i)];
            for (int a = 0; a < s.access_count; ++a) keep_one(out.accesses[at(s.first_access + a)].buffer);
            keep_one(s.left);
            keep_one(s.right);
        }
        for (const loop_state& l : out.loops)
            if (first_step <= l.first && l.first < l.last && l.last <= last_step)
                for (const int b : {int{l.carry}, int{l.next}, int{l.initial}}) keep_one(b);
    }
    constexpr shape in_memory(const buffer& b) const {
        shape s = b.extents;
        if (b.checkpointed > 0) s[0] = {out.checkpoints[at(b.checkpointed - 1)].every, nullptr};
        return s;
    }
    constexpr void share_slots() {
        std::size_t next_loop = 0, next_in_place = 0;  // they come in the order of steps
        for (std::size_t i = 0; i < out.steps.size(); ++i) {
            for (; next_loop < out.loops.size() && out.loops[next_loop].first <= static_cast<int>(i); ++next_loop) find_slot(out.loops[next_loop].carry);
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
                    if (first[at(b)] == r.step && last[at(r.read)] == r.step && holder[at(old.slot)] == r.read && old.extents == target.extents && old.checkpointed == target.checkpointed)
                        target.slot = old.slot;
                }
                find_slot(b);
            }
        }
        for (; next_loop < out.loops.size(); ++next_loop) find_slot(out.loops[next_loop].carry);
    }
    /// The slot that is free, or a new one.
    constexpr void find_slot(int b) {
        buffer& target = out.buffers[at(b)];
        if (target.kind != buffer_kind::temporary) return;
        const shape memory = in_memory(target);
        for (std::size_t slot = 0; slot < out.slots.size() && target.slot < 0; ++slot)
            if (busy_until[slot] < first[at(b)] && out.slots[slot] == memory && segments_of[slot] == target.checkpointed) target.slot = static_cast<std::int16_t>(slot);
        if (target.slot < 0) {
            target.slot = static_cast<std::int16_t>(out.slots.size());
            out.slots.push_back(memory);
            segments_of.push_back(target.checkpointed);
            busy_until.push_back(-1);
            holder.push_back(-1);
        }
        busy_until[at(target.slot)] = last[at(b)];
        holder[at(target.slot)] = b;
    }
    constexpr void touch(int b, int when) {
        if (b < 0) return;
        if (first[at(b)] < 0 || when < first[at(b)]) first[at(b)] = when;
        if (when > last[at(b)]) last[at(b)] = when;
    }
};

}  // namespace xgrad
