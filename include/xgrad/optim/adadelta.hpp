// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/optim/optimiser.hpp>

namespace xgrad {

/// adadelta{} = the gradient in units of the parameter: times the root mean square of past steps, by that of past gradients.
///
/// Update      v = decay v + (1 - decay) g^2,  d = g sqrt(u + epsilon) / sqrt(v + epsilon),  u = decay u + (1 - decay) d^2,  p - rate d
/// Options     preset torch, optax: decay 0.9, epsilon 1e-6, learning_rate 1; keras: 0.95, 1e-7, 1e-3. weight_decay: g + weight_decay p in place of g;
///             keras and optax: p - rate weight_decay p first
/// Source      Zeiler, arXiv 1212.5701, 2012; defaults of PyTorch, Keras 3, Optax
/// Catalogue   optimiser
template <class Preset = torch_t, class WeightDecay = absent>
struct adadelta {
    static_assert(update_terms::is_any_of<Preset, torch_t, keras_t, optax_t>, "xgrad::adadelta: the presets are torch, keras and optax.");
    Preset preset{};
    double learning_rate = update_terms::by_preset<Preset>(1, 1e-3, 1, 0);
    double decay = update_terms::by_preset<Preset>(0.9, 0.95, 0.9, 0);
    double epsilon = update_terms::by_preset<Preset>(1e-6, 1e-7, 1e-6, 0);
    WeightDecay weight_decay{};

    using undecayed = adadelta<Preset, absent>;
    static constexpr std::size_t states = 2;
    static constexpr std::array<std::string_view, 2> state_names{"square", "step_square"};
    static constexpr std::array<std::string_view, 4> hyperparameters{"learning_rate", "decay", "epsilon", "weight_decay"};
    constexpr std::array<double, 4> values() const { return {learning_rate, decay, epsilon, update_terms::value_or_zero(weight_decay)}; }

    static constexpr updated<2> update(ast::ref p, ast::ref g, ast::ref, auto h, auto s) {
        using namespace update_terms;
        const auto [rate, decay, epsilon, weight_decay] = h;
        g = decayed_gradient<Preset, WeightDecay>(p, g, weight_decay);
        p = decayed_parameter<Preset, WeightDecay>(p, rate, weight_decay);
        const ref v = average(decay, s[0], square(g));
        const ref step = g * sqrt(s[1] + epsilon) / sqrt(v + epsilon);
        return {p - rate * step, {v, average(decay, s[1], square(step))}};
    }
};

}  // namespace xgrad
