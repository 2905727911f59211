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

/// An optimiser is a struct with numbers (`hyperparameters`, `values`), the count of its `states` and their names, and one
/// formula, `update(p, g, t, h, s)`: parameter, gradient, step number from 1, numbers, states. The formula is written with ops
/// and passes through the same pipeline as a loss.
///
/// It may also have `initial_states()`, where they do not start with 0; `undecayed`, the optimiser without its weight decay and
/// with the same numbers and states; and a `running(last, t)`: a number called "running", made of that of the step before (1
/// before the first).
template <class O>
concept optimiser = requires(const O& o) {
    { O::states } -> std::convertible_to<std::size_t>;
    O::hyperparameters.size();
    o.values();
};

/// A hyperparameter that was not given: it takes no state and no arithmetic.
struct absent {};
template <class Option>
inline constexpr bool is_given = !std::is_same_v<Option, absent>;
/// A switch in an optimiser's braces: `.nesterov = xg::on`.
struct on_t {};
inline constexpr on_t on{};

/// Whose form and defaults an optimiser or a clipping has, where libraries differ: `xg::adam{.preset = xg::keras}`. PyTorch's, if nothing is said.
struct torch_t {};
struct keras_t {};
struct optax_t {};
struct onnx_t {};
inline constexpr torch_t torch{};
inline constexpr keras_t keras{};
inline constexpr optax_t optax{};
inline constexpr onnx_t onnx{};

namespace detail {
/// A number in the preset's place would be taken for one, and then be ignored.
template <class Optimiser>
constexpr bool has_known_preset() {
    if constexpr (requires(const Optimiser& o) { o.preset; }) {
        using preset = std::remove_cvref_t<decltype(std::declval<const Optimiser&>().preset)>;
        return std::is_same_v<preset, torch_t> || std::is_same_v<preset, keras_t> || std::is_same_v<preset, optax_t> || std::is_same_v<preset, onnx_t>;
    } else {
        return true;
    }
}
}  // namespace detail

/// What update formulas are made of. All of it is arithmetic on the nodes of one graph.
namespace update_terms {
using ast::ref;
inline constexpr auto one = number<1.0>;
inline constexpr auto zero = number<0.0>;

template <class Preset, class... Known>
inline constexpr bool is_any_of = (std::is_same_v<Preset, Known> || ...);
/// The number a preset has: PyTorch's, Keras's, Optax's, ONNX's.
template <class Preset>
constexpr double by_preset(double of_torch, double of_keras, double of_optax, double of_onnx) {
    return std::is_same_v<Preset, keras_t> ? of_keras : std::is_same_v<Preset, optax_t> ? of_optax : std::is_same_v<Preset, onnx_t> ? of_onnx : of_torch;
}
/// An option as a number; 0 where it was not given, and then nobody reads it.
template <class Option>
constexpr double value_or_zero(Option o) {
    if constexpr (is_given<Option>) {
        return static_cast<double>(o);
    } else {
        return 0;
    }
}

/// base^t, t a number of steps.
constexpr ref power(ref base, ref t) { return exp(t * log(base)); }
/// beta old + (1 - beta) x: an exponential moving average.
constexpr ref average(ref beta, ref old, ref x) { return beta * old + (one - beta) * x; }
/// 1 - beta^t, by which an average that started with 0 is too small after t steps.
constexpr ref correction(ref beta, ref t) { return one - power(beta, t); }

/// Weight decay as part of the gradient (an L2 penalty of rate / 2), which is PyTorch's and ONNX's; Keras and Optax take it off the parameter.
template <class Preset>
inline constexpr bool decays_parameter = is_any_of<Preset, keras_t, optax_t>;
template <class Preset, class WeightDecay>
constexpr ref decayed_gradient(ref p, ref g, ref decay) {
    if constexpr (is_given<WeightDecay> && !decays_parameter<Preset>) {
        return g + decay * p;
    } else {
        return g;
    }
}
template <class Preset, class WeightDecay>
constexpr ref decayed_parameter(ref p, ref rate, ref decay) {
    if constexpr (is_given<WeightDecay> && decays_parameter<Preset>) {
        return p - rate * decay * p;
    } else {
        return p;
    }
}
}  // namespace update_terms

}  // namespace xgrad
