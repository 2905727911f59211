// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/call.hpp>
#include <xgrad/plan/plan.hpp>

#include <span>

namespace xgrad::kernel {

/// A plan without its sizes: what run-time code needs of it, so that this code is compiled once and not once a plan.
struct plan_view {
    std::span<const step> steps;
    std::span<const access> accesses;
    std::span<const instruction> code;
    std::span<const store> stores;
    std::span<const body_range> bodies;
    std::span<const buffer> buffers;
    std::span<const shape> slots;
    std::span<const extent_constraint> constraints;
    int guard = -1;
    void (*const* kernels)(const call&) = nullptr;  ///< by body
};

template <plan_sizes Size>
constexpr plan_view view_plan(const plan<Size>& p, void (*const* kernels)(const call&)) {
    return {p.steps, p.accesses, p.code, p.stores, p.bodies, p.buffers, p.slots, p.constraints, p.guard, kernels};
}

}  // namespace xgrad::kernel
