// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/plan/body.hpp>
#include <xgrad/rewrite/engine.hpp>

namespace xgrad {

/// How many of each a plan holds; the arrays of `plan` have these sizes.
struct plan_sizes {
    std::size_t steps = 0, accesses = 0, code = 0, stores = 0, bodies = 0, buffers = 0, slots = 0, results = 0, constraints = 0, loops = 0, checkpoints = 0;
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
    std::array<loop_state, Size.loops> loops{};  ///< in the order in which they run, states of one loop side by side
    std::array<checkpointed_loops, Size.checkpoints> checkpoints{};
    std::array<int, rewrite_rules.size()> fired{};  ///< how often each rewrite rule fired
    int guard = -1;                           ///< the buffer of the loss that must be finite before parameters change
    long visits = 0;
    int refused = 0;                          ///< what was asked for cannot be: which of its maker's reasons, or 0
    declaration_pair clash{};                 ///< two that have one name
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
    growing_array<loop_state> loops{};
    growing_array<checkpointed_loops> checkpoints{};
    growing_array<int> fired{};
    int guard = -1;
    long visits = 0;
    int refused = 0;
    declaration_pair clash{};

    constexpr plan_sizes sizes() const {
        return {steps.size(), accesses.size(), code.size(), stores.size(), bodies.size(), buffers.size(), slots.size(), results.size(), constraints.size(), loops.size(), checkpoints.size()};
    }
};

}  // namespace xgrad
