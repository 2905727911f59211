// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/optim/adam.hpp>

namespace xgrad {

/// adamw{.learning_rate = 1e-3} = Adam whose weight decay is taken off the parameter, not added to the gradient.
///
/// Update      p (1 - rate weight_decay), then as adam
/// Options     preset torch: weight_decay 1e-2, epsilon 1e-8; keras: 4e-3, 1e-7 (and Keras's place of epsilon); optax: 1e-4, 1e-8. amsgrad as in adam
/// Source      Loshchilov and Hutter, ICLR 2019
/// Catalogue   optimiser
template <class Preset = torch_t, class AMSGrad = absent, class WeightDecay = double>
struct adamw {
    static_assert(update_terms::is_any_of<Preset, torch_t, keras_t, optax_t>, "xgrad::adamw: the presets are torch, keras and optax.");
    Preset preset{};
    double learning_rate = 1e-3;
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = update_terms::by_preset<Preset>(1e-8, 1e-7, 1e-8, 0);
    double weight_decay = update_terms::by_preset<Preset>(1e-2, 4e-3, 1e-4, 0);
    AMSGrad amsgrad{};

    using undecayed = adamw<Preset, AMSGrad, absent>;
    static constexpr std::size_t states = is_given<AMSGrad> ? 3 : 2;
    static constexpr std::array<std::string_view, 3> state_names{"mean", "square", "largest_square"};
    static constexpr std::array<std::string_view, 5> hyperparameters{"learning_rate", "beta1", "beta2", "epsilon", "weight_decay"};
    constexpr std::array<double, 5> values() const { return {learning_rate, beta1, beta2, epsilon, weight_decay}; }

    static constexpr updated<states> update(ast::ref p, ast::ref g, ast::ref t, auto h, auto s) {
        using namespace update_terms;
        const auto [rate, beta1, beta2, epsilon, decay] = h;
        if constexpr (is_given<WeightDecay>) p = (one - rate * decay) * p;
        return adam_step<Preset, AMSGrad>(p, average(beta1, s[0], g), average(beta2, s[1], square(g)), t, rate, beta1, beta2, epsilon, s);
    }
};

}  // namespace xgrad
