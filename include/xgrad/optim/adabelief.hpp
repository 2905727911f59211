// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/optim/optimiser.hpp>

namespace xgrad {

/// adabelief{} = Adam that divides by how far gradients are from their mean: long steps where they agree.
///
/// Update      m as in adam,  s = beta2 s + (1 - beta2) (g - m)^2 + epsilon,  p - rate m / (1 - beta1^t) / (sqrt(s / (1 - beta2^t)) + epsilon)
/// Options     epsilon 1e-16. preset optax: epsilon is not added to s, but inside the root as well as outside. weight_decay: p - rate weight_decay p first
/// Source      Zhuang et al., NeurIPS 2020; Optax's form and defaults
/// Catalogue   optimiser
template <class Preset = torch_t, class WeightDecay = absent>
struct adabelief {
    static_assert(update_terms::is_any_of<Preset, torch_t, optax_t>, "xgrad::adabelief: the presets are torch and optax.");
    Preset preset{};
    double learning_rate = 1e-3;
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-16;
    WeightDecay weight_decay{};

    using undecayed = adabelief<Preset, absent>;
    static constexpr std::size_t states = 2;
    static constexpr std::array<std::string_view, 2> state_names{"mean", "spread"};
    static constexpr std::array<std::string_view, 5> hyperparameters{"learning_rate", "beta1", "beta2", "epsilon", "weight_decay"};
    constexpr std::array<double, 5> values() const { return {learning_rate, beta1, beta2, epsilon, update_terms::value_or_zero(weight_decay)}; }

    static constexpr updated<2> update(ast::ref p, ast::ref g, ast::ref t, auto h, auto s) {
        using namespace update_terms;
        constexpr bool is_optax = std::is_same_v<Preset, optax_t>;
        const auto [rate, beta1, beta2, epsilon, decay] = h;
        p = decayed_parameter<optax_t, WeightDecay>(p, rate, decay);
        const ref m = average(beta1, s[0], g);
        const ref averaged = average(beta2, s[1], square(g - m));
        const ref spread = is_optax ? averaged : averaged + epsilon;
        const ref scaled = one / correction(beta2, t) * spread;
        return {p - rate / correction(beta1, t) * m / (sqrt(is_optax ? scaled + epsilon : scaled) + epsilon), {m, spread}};
    }
};

}  // namespace xgrad
