// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/optim/optimiser.hpp>

namespace xgrad {

/// lion{.learning_rate = 1e-4} = steps of one size: the sign of a mean gradient. It wants a third to a tenth of Adam's rate.
///
/// Update      p - rate (sign(beta1 m + (1 - beta1) g) + weight_decay p),  m = beta2 m + (1 - beta2) g
/// Options     weight_decay absent; preset optax: it must be given as well (Optax's own is 1e-3); learning_rate 1e-4, keras 1e-3
/// Source      Chen et al., NeurIPS 2023; defaults of Keras 3, Optax
/// Catalogue   optimiser
template <class Preset = torch_t, class WeightDecay = absent>
struct lion {
    static_assert(update_terms::is_any_of<Preset, torch_t, keras_t, optax_t>, "xgrad::lion: the presets are torch, keras and optax.");
    Preset preset{};
    double learning_rate = update_terms::by_preset<Preset>(1e-4, 1e-3, 1e-4, 1e-4);
    double beta1 = 0.9;
    double beta2 = 0.99;
    WeightDecay weight_decay{};

    using undecayed = lion<Preset, absent>;
    static constexpr std::size_t states = 1;
    static constexpr std::array<std::string_view, 1> state_names{"mean"};
    static constexpr std::array<std::string_view, 4> hyperparameters{"learning_rate", "beta1", "beta2", "weight_decay"};
    constexpr std::array<double, 4> values() const { return {learning_rate, beta1, beta2, update_terms::value_or_zero(weight_decay)}; }

    static constexpr updated<1> update(ast::ref p, ast::ref g, ast::ref, auto h, auto s) {
        using namespace update_terms;
        const auto [rate, beta1, beta2, decay] = h;
        const ref direction = sign(average(beta1, s[0], g));
        return {decayed_parameter<optax_t, WeightDecay>(p, rate, decay) - rate * direction, {average(beta2, s[0], g)}};
    }
};

}  // namespace xgrad
