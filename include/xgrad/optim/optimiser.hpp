// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/graph/ref.hpp>
#include <xgrad/ops/all.hpp>

namespace xgrad {

/// A state that an optimiser keeps beside a parameter: same shape, zeros at the start, written by every step.
struct state_op : op_defaults {
    static constexpr std::string_view name = "state";
    static constexpr op_kind kind = op_kind::leaf;
    static constexpr int arity = 1;
    static constexpr shape_result shape_rule(const attributes&, const shape* operands, int) { return {operands[0]}; }
};

/// What an update formula returns: the new parameter, and the new states in order.
template <std::size_t States>
struct updated {
    ast::ref parameter{};
    std::array<ast::ref, States> states{};
};

/// An optimiser is a struct with numbers (`hyperparameters`, `values`), the count of its `states`, and one formula,
/// `update(p, g, t, h, s)`: parameter, gradient, step number from 1, numbers, states. The formula is written with ops and
/// passes through the same pipeline as a loss.
template <class O>
concept optimiser = requires(const O& o) {
    { O::states } -> std::convertible_to<std::size_t>;
    O::hyperparameters.size();
    o.values();
};

/// A hyperparameter that was not given: it takes no state and no arithmetic.
struct absent {};
/// A switch in an optimiser's braces: `.nesterov = xg::on`.
struct on_t {};
inline constexpr on_t on{};

}  // namespace xgrad
