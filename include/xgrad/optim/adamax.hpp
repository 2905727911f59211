// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/optim/optimiser.hpp>

namespace xgrad {

/// adamax{} = Adam with the largest gradient, slowly forgotten, in place of the root mean square.
///
/// Update      m = beta1 m + (1 - beta1) g,  u = max(beta2 u, |g| + epsilon),  p - rate / (1 - beta1^t) m / u
/// Options     preset keras: u = max(beta2 u, |g|) and m / (u + epsilon). epsilon 1e-8, keras 1e-7; learning_rate 2e-3, keras 1e-3.
///             weight_decay: g + weight_decay p in place of g; keras and optax: p - rate weight_decay p first
/// Source      Kingma and Ba, ICLR 2015, section 7.1; forms and defaults of PyTorch, Keras 3, Optax
/// Catalogue   optimiser
template <class Preset = torch_t, class WeightDecay = absent>
struct adamax {
    static_assert(update_terms::is_any_of<Preset, torch_t, keras_t, optax_t>, "xgrad::adamax: the presets are torch, keras and optax.");
    Preset preset{};
    double learning_rate = update_terms::by_preset<Preset>(2e-3, 1e-3, 2e-3, 0);
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = update_terms::by_preset<Preset>(1e-8, 1e-7, 1e-8, 0);
    WeightDecay weight_decay{};

    using undecayed = adamax<Preset, absent>;
    static constexpr std::size_t states = 2;
    static constexpr std::array<std::string_view, 2> state_names{"mean", "largest"};
    static constexpr std::array<std::string_view, 5> hyperparameters{"learning_rate", "beta1", "beta2", "epsilon", "weight_decay"};
    constexpr std::array<double, 5> values() const { return {learning_rate, beta1, beta2, epsilon, update_terms::value_or_zero(weight_decay)}; }

    static constexpr updated<2> update(ast::ref p, ast::ref g, ast::ref t, auto h, auto s) {
        using namespace update_terms;
        constexpr bool is_keras = std::is_same_v<Preset, keras_t>;
        const auto [rate, beta1, beta2, epsilon, decay] = h;
        g = decayed_gradient<Preset, WeightDecay>(p, g, decay);
        p = decayed_parameter<Preset, WeightDecay>(p, rate, decay);
        const ref m = average(beta1, s[0], g);
        const ref u = maximum(beta2 * s[1], is_keras ? abs(g) : abs(g) + epsilon);
        return {p - rate / correction(beta1, t) * m / (is_keras ? u + epsilon : u), {m, u}};
    }
};

}  // namespace xgrad
