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

/// A draft in large fixed arrays: the form in which it can leave the function that made it.
template <plan_sizes Capacity>
struct plan_large : plan<Capacity> {
    plan_sizes used{};
    bool overflows = false;
};

namespace detail {
/// f(from's, to's) for each list of a plan in another form; its numbers as they are.
constexpr void take_plan(const auto& from, auto& to, auto f) {
    f(from.steps, to.steps);
    f(from.accesses, to.accesses);
    f(from.code, to.code);
    f(from.stores, to.stores);
    f(from.bodies, to.bodies);
    f(from.buffers, to.buffers);
    f(from.slots, to.slots);
    f(from.results, to.results);
    f(from.constraints, to.constraints);
    f(from.loops, to.loops);
    f(from.checkpoints, to.checkpoints);
    f(from.fired, to.fired);
    to.guard = from.guard;
    to.visits = from.visits;
    to.refused = from.refused;
    to.clash = from.clash;
}
}  // namespace detail

template <plan_sizes Capacity>
constexpr plan_large<Capacity> enlarge(const plan_draft& d) {
    plan_large<Capacity> p;
    p.used = d.sizes();
    detail::take_plan(d, p, [&p](const auto& from, auto& to) {
        p.overflows = p.overflows || from.size() > to.size();
        if (p.overflows) return;
        for (std::size_t i = 0; i < from.size(); ++i) to[i] = from[i];
    });
    return p;
}
/// In arrays of exactly its sizes, so that the compiler carries nothing empty along.
template <plan_sizes Size>
constexpr plan<Size> shrink(const auto& large) {
    plan<Size> p;
    detail::take_plan(large, p, [](const auto& from, auto& to) {
        for (std::size_t i = 0; i < to.size(); ++i) to[i] = from[i];
    });
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
