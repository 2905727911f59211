// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/optim/optimiser.hpp>

#include <cmath>

namespace xgrad {

/// nadam{} = Adam with Nesterov's look ahead: the mean as it will be after the next step.
///
/// Update      c(t) = beta1 (1 - 0.96^(t momentum_decay) / 2),  C(t) = c(1) ... c(t),  m, v as in adam,
///             p - rate (c(t + 1) m / (1 - C(t + 1)) + (1 - c(t)) g / (1 - C(t))) / (sqrt(v / (1 - beta2^t)) + epsilon)
/// Options     preset torch: momentum_decay 4e-3, learning_rate 2e-3, epsilon 1e-8; keras: 1, 1e-3, 1e-7; optax: no such c(t) but beta1, so that
///             C(t) = beta1^t. weight_decay: g + weight_decay p in place of g; keras and optax: p - rate weight_decay p first
/// Source      Dozat, ICLR workshop 2016; forms and defaults of PyTorch, Keras 3, Optax
/// Catalogue   optimiser
template <class Preset = torch_t, class WeightDecay = absent>
struct nadam {
    static_assert(update_terms::is_any_of<Preset, torch_t, keras_t, optax_t>, "xgrad::nadam: the presets are torch, keras and optax.");
    Preset preset{};
    double learning_rate = update_terms::by_preset<Preset>(2e-3, 1e-3, 2e-3, 0);
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = update_terms::by_preset<Preset>(1e-8, 1e-7, 1e-8, 0);
    double momentum_decay = update_terms::by_preset<Preset>(4e-3, 1, 0, 0);
    WeightDecay weight_decay{};

    using undecayed = nadam<Preset, absent>;
    static constexpr bool is_optax = std::is_same_v<Preset, optax_t>;
    static constexpr std::size_t states = 2;
    static constexpr std::array<std::string_view, 2> state_names{"mean", "square"};
    static constexpr std::array<std::string_view, 7> hyperparameters{"learning_rate", "beta1", "beta2", "epsilon", "momentum_decay", "weight_decay", "running"};
    constexpr std::array<double, 7> values() const { return {learning_rate, beta1, beta2, epsilon, momentum_decay, update_terms::value_or_zero(weight_decay), 1}; }
    /// C(t) from C(t - 1): the product over all steps so far.
    double running(double last, double t) const { return last * beta1 * (is_optax ? 1 : 1 - 0.5 * std::pow(0.96, t * momentum_decay)); }

    /// c(t), as `running` has it.
    static constexpr ast::ref coefficient(ast::ref beta1, ast::ref momentum_decay, ast::ref t) {
        return is_optax ? beta1 : beta1 * (number<1.0> - number<0.5> * exp(t * momentum_decay * log(number<0.96>)));
    }

    static constexpr updated<2> update(ast::ref p, ast::ref g, ast::ref t, auto h, auto s) {
        using namespace update_terms;
        const auto [rate, beta1, beta2, epsilon, momentum_decay, decay, product] = h;
        g = decayed_gradient<Preset, WeightDecay>(p, g, decay);
        p = decayed_parameter<Preset, WeightDecay>(p, rate, decay);
        const ref m = average(beta1, s[0], g), v = average(beta2, s[1], square(g));
        const ref next = coefficient(beta1, momentum_decay, t + one);
        const ref of_mean = rate * next / (one - product * next), of_gradient = rate * (one - coefficient(beta1, momentum_decay, t)) / (one - product);
        return {p - (of_mean * m + of_gradient * g) / (sqrt(one / correction(beta2, t) * v) + epsilon), {m, v}};
    }
};

}  // namespace xgrad
