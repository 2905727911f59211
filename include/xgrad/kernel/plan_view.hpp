// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/expr/span.hpp>
#include <xgrad/kernel/call.hpp>
#include <xgrad/plan/plan.hpp>

#include <numeric>

namespace xgrad::kernel {

struct stage;

/// A plan without its sizes: what run-time code needs of it, so that this code is compiled once and not once a plan.
struct plan_view {
    span<const step> steps;
    span<const access> accesses;
    span<const instruction> code;
    span<const store> stores;
    span<const body_range> bodies;
    span<const buffer> buffers;
    span<const shape> slots;
    span<const extent_constraint> constraints;
    span<const loop_state> loops;
    span<const checkpointed_loops> checkpoints;
    int guard = -1;
    void (*const* kernels)(const call&) = nullptr;  ///< by body
    void (*run_segments)(void* resolved, const stage&) = nullptr;  ///< where there are checkpoints

    const body_range& body_of(const step& s) const { return bodies[static_cast<std::size_t>(s.body)]; }
    span<const access> accesses_of(const step& s) const { return accesses.part(static_cast<std::size_t>(s.first_access), static_cast<std::size_t>(s.access_count)); }
    span<const instruction> code_of(const step& s) const {
        return code.part(static_cast<std::size_t>(body_of(s).first_instruction), static_cast<std::size_t>(body_of(s).instructions));
    }
    span<const store> stores_of(const step& s) const {
        return stores.part(static_cast<std::size_t>(body_of(s).first_store), static_cast<std::size_t>(body_of(s).stores));
    }
};

/// Steps along the outermost axis after which a call may be cut (a power of two): so that every element stays at its place in a
/// vector and every short row in its group. At another place the compiler may have fused other multiplications and additions,
/// and the bits would depend on the cut.
inline std::ptrdiff_t cutting_unit(const plan_view& plan, const step& s, const call& c) {
    constexpr std::ptrdiff_t group = 64;
    if (s.kind != step_kind::rows || c.leading == 0) return 1;
    if (plan.body_of(s).across) return group;
    return c.row_axes > 0 ? 1 : group / std::gcd(group, c.columns / c.leading);
}

/// Sums over rows that stay apart along the outermost axis, but not as one piece of memory: a part of a call cannot begin its own.
inline bool scatters_sums(const plan_view& plan, const step& s) {
    for (const store& k : plan.stores_of(s))
        if (k.is_late() && plan.accesses_of(s)[k.access].axes[0] > 0) return true;
    return false;
}
/// Nothing but a product.
inline bool is_plain_product(const plan_view& plan, const step& s) {
    return s.kind == step_kind::contraction && plan.body_of(s).instructions == 1 && plan.body_of(s).stores == 1 && plan.stores_of(s)[0].how == storing::element;
}

/// Whether a row of a step's columns can only be worked on as a whole.
inline bool needs_whole_columns(const plan_view& plan, const step& s) {
    return takes_whole_rows(plan.code_of(s), plan.stores_of(s), plan.body_of(s).phases);
}

template <plan_sizes Size>
constexpr plan_view view_plan(const plan<Size>& p, void (*const* kernels)(const call&)) {
    return {p.steps, p.accesses, p.code, p.stores, p.bodies, p.buffers, p.slots, p.constraints, p.loops, p.checkpoints, p.guard, kernels};
}

}  // namespace xgrad::kernel
