// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/optim/optimiser.hpp>

namespace xgrad {

/// adagrad{.learning_rate = 1e-2} = every parameter's rate falls with the sum of its squared gradients.
///
/// Update      h = h + g^2,  p - rate / (1 + (t - 1) rate_decay) g / (sqrt(h) + epsilon)
/// Options     preset keras, optax: g / sqrt(h + epsilon). h starts with initial_accumulator: 0, keras and optax 0.1; epsilon 1e-10, keras and optax 1e-7,
///             onnx 1e-6; learning_rate 1e-2, keras 1e-3. rate_decay 0. weight_decay: g + weight_decay p in place of g; keras and optax: p - rate weight_decay p first
/// Source      Duchi, Hazan and Singer, JMLR 2011; forms and defaults of PyTorch, Keras 3, Optax, ONNX 1.16
/// Catalogue   optimiser
template <class Preset = torch_t, class RateDecay = absent, class WeightDecay = absent>
struct adagrad {
    Preset preset{};
    double learning_rate = update_terms::by_preset<Preset>(1e-2, 1e-3, 1e-2, 1e-2);
    RateDecay rate_decay{};
    double initial_accumulator = update_terms::by_preset<Preset>(0, 0.1, 0.1, 0);
    double epsilon = update_terms::by_preset<Preset>(1e-10, 1e-7, 1e-7, 1e-6);
    WeightDecay weight_decay{};

    using undecayed = adagrad<Preset, RateDecay, absent>;
    static constexpr std::size_t states = 1;
    static constexpr std::array<std::string_view, 1> state_names{"sum"};
    static constexpr std::array<std::string_view, 4> hyperparameters{"learning_rate", "rate_decay", "epsilon", "weight_decay"};
    constexpr std::array<double, 4> values() const { return {learning_rate, update_terms::value_or_zero(rate_decay), epsilon, update_terms::value_or_zero(weight_decay)}; }
    constexpr std::array<double, 1> initial_states() const { return {initial_accumulator}; }

    static constexpr updated<1> update(ast::ref p, ast::ref g, ast::ref t, auto h, auto s) {
        using namespace update_terms;
        auto [rate, rate_decay, epsilon, decay] = h;
        g = decayed_gradient<Preset, WeightDecay>(p, g, decay);
        p = decayed_parameter<Preset, WeightDecay>(p, rate, decay);
        if constexpr (is_given<RateDecay>) rate = rate / (one + (t - one) * rate_decay);
        const ref total = s[0] + square(g);
        const ref root = is_any_of<Preset, keras_t, optax_t> ? sqrt(total + epsilon) : sqrt(total) + epsilon;
        return {p - rate * g / root, {total}};
    }
};

}  // namespace xgrad
