// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/optim/optimiser.hpp>

namespace xgrad {

/// rmsprop{.learning_rate = 1e-2} = the gradient divided by its root mean square.
///
/// Update      v = decay v + (1 - decay) g^2,  p - rate g / (sqrt(v) + epsilon)
/// Options     preset keras, optax: g / sqrt(v + epsilon). decay 0.99, keras and optax 0.9; epsilon 1e-8, keras 1e-7; learning_rate 1e-2, keras 1e-3.
///             centered (xg::on): v - m^2 in place of v, m = decay m + (1 - decay) g. momentum: u = momentum u + step, p - rate u; keras and optax have the
///             rate in u. weight_decay: g + weight_decay p in place of g; keras and optax: p - rate weight_decay p first
/// Source      Tieleman and Hinton, lecture 6.5, 2012; Graves 2013 (centered); forms and defaults of PyTorch, Keras 3, Optax
/// Catalogue   optimiser
template <class Preset = torch_t, class Centered = absent, class Momentum = absent, class WeightDecay = absent>
struct rmsprop {
    static_assert(update_terms::is_any_of<Preset, torch_t, keras_t, optax_t>, "xgrad::rmsprop: the presets are torch, keras and optax.");
    Preset preset{};
    double learning_rate = update_terms::by_preset<Preset>(1e-2, 1e-3, 1e-2, 0);
    double decay = update_terms::by_preset<Preset>(0.99, 0.9, 0.9, 0);
    double epsilon = update_terms::by_preset<Preset>(1e-8, 1e-7, 1e-8, 0);
    Centered centered{};
    Momentum momentum{};
    WeightDecay weight_decay{};

    using undecayed = rmsprop<Preset, Centered, Momentum, absent>;
    static constexpr bool is_centered = is_given<Centered>, has_momentum = is_given<Momentum>;
    static constexpr std::size_t states = 1 + (is_centered ? 1 : 0) + (has_momentum ? 1 : 0);
    static constexpr std::array<std::string_view, 3> state_names{"square", is_centered ? "mean" : "momentum", "momentum"};
    static constexpr std::array<std::string_view, 5> hyperparameters{"learning_rate", "decay", "epsilon", "momentum", "weight_decay"};
    constexpr std::array<double, 5> values() const {
        return {learning_rate, decay, epsilon, update_terms::value_or_zero(momentum), update_terms::value_or_zero(weight_decay)};
    }

    static constexpr updated<states> update(ast::ref p, ast::ref g, ast::ref, auto h, auto s) {
        using namespace update_terms;
        constexpr bool is_torch = std::is_same_v<Preset, torch_t>;
        const auto [rate, decay, epsilon, momentum, weight_decay] = h;
        g = decayed_gradient<Preset, WeightDecay>(p, g, weight_decay);
        p = decayed_parameter<Preset, WeightDecay>(p, rate, weight_decay);
        updated<states> made;
        made.states[0] = average(decay, s[0], square(g));
        ref spread = made.states[0];
        if constexpr (is_centered) {
            made.states[1] = average(decay, s[1], g);
            spread = maximum(spread - square(made.states[1]), zero);  // rounding can take it below 0
        }
        ref step = is_torch ? g / (sqrt(spread) + epsilon) : rate * g / sqrt(spread + epsilon);
        if constexpr (has_momentum) {
            step = momentum * s[states - 1] + step;
            made.states[states - 1] = step;
        }
        made.parameter = p - (is_torch ? rate * step : step);
        return made;
    }
};

}  // namespace xgrad
