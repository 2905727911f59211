// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/optim/optimiser.hpp>

namespace xgrad {

/// lamb{} = Adam whose step is as long, for each parameter array, as a share of that array: for very large batches.
///
/// Update      m, v as in adam,  u = m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon) + weight_decay p,  p - rate |p| / |u| u
///             (norms of the whole array; the ratio is 1 where either is 0)
/// Options     weight_decay. epsilon 1e-6, keras 1e-7; preset keras takes rate weight_decay p off the parameter first, as for its other optimisers
/// Source      You et al., ICLR 2020; defaults of Optax, Keras 3
/// Catalogue   optimiser
template <class Preset = torch_t, class WeightDecay = absent>
struct lamb {
    static_assert(update_terms::is_any_of<Preset, torch_t, keras_t, optax_t>, "xgrad::lamb: the presets are torch, keras and optax.");
    Preset preset{};
    double learning_rate = 1e-3;
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = update_terms::by_preset<Preset>(1e-6, 1e-7, 1e-6, 1e-6);
    WeightDecay weight_decay{};

    using undecayed = lamb<Preset, absent>;
    static constexpr std::size_t states = 2;
    static constexpr std::array<std::string_view, 2> state_names{"mean", "square"};
    static constexpr std::array<std::string_view, 5> hyperparameters{"learning_rate", "beta1", "beta2", "epsilon", "weight_decay"};
    constexpr std::array<double, 5> values() const { return {learning_rate, beta1, beta2, epsilon, update_terms::value_or_zero(weight_decay)}; }

    static constexpr updated<2> update(ast::ref p, ast::ref g, ast::ref t, auto h, auto s) {
        using namespace update_terms;
        constexpr bool is_keras = std::is_same_v<Preset, keras_t>;
        const auto [rate, beta1, beta2, epsilon, decay] = h;
        auto norm = [](ref x) { return sqrt(square(x).sum((1u << x.shape().rank) - 1)); };
        if constexpr (is_keras) p = decayed_parameter<keras_t, WeightDecay>(p, rate, decay);
        const ref m = average(beta1, s[0], g), v = average(beta2, s[1], square(g));
        ref step = one / correction(beta1, t) * m / (sqrt(one / correction(beta2, t) * v) + epsilon);
        if constexpr (is_given<WeightDecay> && !is_keras) step = step + decay * p;
        const ref of_parameter = norm(p), of_step = norm(step);
        const ref ratio = select(of_parameter > zero, select(of_step > zero, of_parameter / of_step, one), one);
        return {p - rate * ratio * step, {m, v}};
    }
};

}  // namespace xgrad
