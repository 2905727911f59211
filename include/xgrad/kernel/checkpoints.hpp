// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/resolve.hpp>

namespace xgrad::kernel {

/// Runs checkpointed loops, and what runs with them, segment by segment. (Of its own, so that only programs that ask for it compile it.)
template <class T>
class checkpointed_run {
public:
    XGRAD_RARELY static void run(void* r, const stage& s) {
        checkpointed_run runner{*static_cast<resolved<T>*>(r), s};
        const std::ptrdiff_t count = (s.extent + s.at_a_time - 1) / s.at_a_time;
        for (std::ptrdiff_t i = 0; i < count; ++i) {
            // What is behind in one direction is ahead in the other. The last segment ahead is still there when the way back begins.
            const std::ptrdiff_t ahead = s.runs_back ? count - 1 - i : i;
            runner.take(runner.loops_.backwards ? count - 1 - ahead : ahead);
            if (!s.runs_back || i > 0) runner.run_kernels(runner.loops_.first, runner.loops_.last, {ahead, count, !s.runs_back, true});
            if (s.runs_back) runner.run_kernels(runner.loops_.back_first, runner.loops_.back_last, {i, count, true, false});
        }
    }

private:
    struct position {
        std::ptrdiff_t number, count;  ///< of the segment, in the order of the loops' steps
        bool keeps;                    ///< states for the segments after it
        bool apart;                    ///< each of them at a place of its own
        bool is_first() const { return number == 0; }
        bool is_last() const { return number + 1 == count; }
    };
    resolved<T>& r_;
    const stage& stage_;
    const checkpointed_loops& loops_;
    range segment_{};

    XGRAD_RARELY checkpointed_run(resolved<T>& r, const stage& s) : r_(r), stage_(s), loops_(r.plan_.checkpoints[at(s.checkpointed - 1)]) {}
    static std::size_t at(std::integral auto i) { return static_cast<std::size_t>(i); }

    /// Segment n by its place in memory. Arrays that hold one segment get the addresses that they would have if they held all steps.
    XGRAD_RARELY void take(std::ptrdiff_t n) {
        segment_ = {n * stage_.at_a_time, std::min(stage_.at_a_time, stage_.extent - n * stage_.at_a_time)};
        const call_maker maker{r_.plan_, r_.sizes_};
        const auto base = reinterpret_cast<std::uintptr_t>(r_.arena_.reserve(0));
        for (std::size_t b = 0; b < r_.plan_.buffers.size(); ++b) {
            const buffer& one = r_.plan_.buffers[b];
            if (one.checkpointed != stage_.checkpointed) continue;
            const std::uintptr_t before = at(segment_.first * maker.stride(one.extents, 0)) * sizeof(T);
            r_.addresses_[b] = reinterpret_cast<void*>(base + r_.offsets_[at(one.slot)] - before);
        }
        r_.take_addresses();
    }
    XGRAD_RARELY void run_kernels(int first, int last, position p) {
        std::size_t next_loop = 0;
        const span<const loop_state> loops = r_.plan_.loops;
        while (next_loop < loops.size() && (loops[next_loop].first < first || loops[next_loop].first == loops[next_loop].last)) ++next_loop;
        for (int k = first; k < last;) {
            if (next_loop < loops.size() && loops[next_loop].first == k) {
                k = loops[next_loop].last;
                next_loop = run_loop(next_loop, p);
                continue;
            }
            part<T> now = r_.part_for(r_.addressed(at(k)), at(k), r_.threads_);
            if (r_.plan_.steps[at(k)].kind == step_kind::whole) {
                run_edge(now, r_.plan_.steps[at(k++)], p);
                continue;
            }
            if (now.c.rows_are_summed) {
                now.take_depth(segment_, stage_.extent);
                now.c.product.goes_on = !p.is_first();
                now.c.product.unfinished = !p.is_last();
            } else {
                now.take_panel(segment_);
                for (int a = 0; a < r_.plan_.steps[at(k)].access_count; ++a)
                    if (now.c.operands[a].leading_stride == 0) now.c.operands[a].goes_on = !p.is_first();
            }
            r_.run_shared(now.c, r_.sharing_[at(k)]);
            ++k;
        }
    }
    /// The step made last is taken when it is there; zeros are put around the one met first in its segment, all others are zeros. (What is padded holds
    /// a segment: only members read it.)
    XGRAD_RARELY void run_edge(part<T>& now, const step& s, position p) {
        const int last = s.access_count - 1;
        const buffer& result = r_.plan_.buffers[at(r_.plan_.accesses[at(s.first_access + last)].buffer)];
        if (result.checkpointed != stage_.checkpointed) {
            if (p.is_last() && p.keeps) now.c.run(now.c);
            return;
        }
        const std::ptrdiff_t each = call_maker{r_.plan_, r_.sizes_}.stride(result.extents, 0);
        now.move_operand(last, segment_.first * each, false);
        operand& to = now.c.operands[last];
        if (!p.is_first()) {
            std::fill_n(static_cast<T*>(to.data), segment_.count * each, T{0});
            return;
        }
        to.row_strides[0] = now.c.operands[1].row_strides[0] = segment_.count;  // of such an op, extents
        to.elements = segment_.count * each;
        now.c.run(now.c);
    }
    /// The steps of a segment; gives the number of the next loop.
    XGRAD_RARELY std::size_t run_loop(std::size_t first, position p) {
        const loop_memory<T> memory{r_.plan_, r_.walks_.states.data(), r_.addresses_.data()};
        const loop_state& l = r_.plan_.loops[first];
        std::size_t next = first + 1;
        while (next < r_.plan_.loops.size() && l.runs_with(r_.plan_.loops[next])) ++next;
        const std::ptrdiff_t step = l.backwards ? -1 : 1, begin = l.backwards ? segment_.first + segment_.count - 1 : segment_.first, end = begin + step * segment_.count;
        auto kept = [&](std::size_t k, std::ptrdiff_t number) {
            return reinterpret_cast<T*>(r_.arena_.reserve(0) + r_.kept_states_[k]) + (p.apart ? number * r_.walks_.states[k].elements : 0);
        };
        loop_position where{};
        where[0] = begin;
        for (std::size_t k = first; k < next; ++k) {
            if (p.is_first()) {
                memory.begin(k, where, begin);
            } else {
                const state_strides& s = r_.walks_.states[k];
                std::copy_n(kept(k, p.number - 1), s.elements, static_cast<T*>(r_.addresses_[at(r_.plan_.loops[k].carry)]) + begin * s.step);
            }
        }
        for (std::ptrdiff_t now = begin; now != end; now += step) {
            where[0] = now;
            for (std::size_t k = at(l.first); k < at(l.last); ++k) r_.run_one_step(k, now, now == begin);
            if (now + step == end) break;
            for (std::size_t k = first; k < next; ++k) memory.hand_on(k, where, now, now + step);
        }
        for (std::size_t k = first; p.keeps && !p.is_last() && k < next; ++k) {
            const state_strides& s = r_.walks_.states[k];
            std::copy_n(static_cast<const T*>(r_.addresses_[at(r_.plan_.loops[k].next)]) + (end - step) * s.step, s.elements, kept(k, p.number));
        }
        return next;
    }
};

}  // namespace xgrad::kernel
