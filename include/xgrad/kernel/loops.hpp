// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/extents.hpp>

#include <algorithm>

namespace xgrad::kernel {

/// The states of loops in memory: what they begin with, and how they are handed on from step to step.
template <class T>
class loop_memory {
public:
    const plan_view& plan;
    const axis_sizes& sizes;
    void* const* addresses;  ///< by buffer

    /// What a state begins with, at a step.
    XGRAD_RARELY void begin(const loop_state& l, std::ptrdiff_t step) const {
        const std::ptrdiff_t size = elements(l);
        T* const to = static_cast<T*>(addresses[at(l.carry)]) + step * size;
        if (l.initial < 0) {
            std::fill_n(to, size, T{0});
        } else if (plan.buffers[at(l.initial)].extents.rank == 0) {
            std::fill_n(to, size, static_cast<T>(*static_cast<const double*>(addresses[at(l.initial)])));
        } else {
            std::copy_n(static_cast<const T*>(addresses[at(l.initial)]), size, to);
        }
    }
    /// What a step has made is the state before another.
    void hand_on(const loop_state& l, std::ptrdiff_t from, std::ptrdiff_t to) const {
        const std::ptrdiff_t size = elements(l);
        std::copy_n(static_cast<const T*>(addresses[at(l.next)]) + from * size, size, static_cast<T*>(addresses[at(l.carry)]) + to * size);
    }

private:
    static std::size_t at(std::integral auto i) { return static_cast<std::size_t>(i); }
    /// Of one state.
    std::ptrdiff_t elements(const loop_state& l) const { return call_maker{plan, sizes}.stride(plan.buffers[at(l.carry)].extents, 0); }
};

}  // namespace xgrad::kernel
