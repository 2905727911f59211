// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/optim/optimiser.hpp>

namespace xgrad {

/// yogi{} = Adam whose second average moves by steps of the size of g^2, so that it cannot forget suddenly.
///
/// Update      m as in adam,  v = v - (1 - beta2) sign(v - g^2) g^2,  p - rate m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon)
/// Options     epsilon 1e-3; m and v start with initial_accumulator 1e-6. weight_decay: p - rate weight_decay p first
/// Source      Zaheer et al., NeurIPS 2018; Optax's form and defaults
/// Catalogue   optimiser
template <class WeightDecay = absent>
struct yogi {
    double learning_rate = 1e-2;
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-3;
    double initial_accumulator = 1e-6;
    WeightDecay weight_decay{};

    using undecayed = yogi<absent>;
    static constexpr std::size_t states = 2;
    static constexpr std::array<std::string_view, 2> state_names{"mean", "square"};
    static constexpr std::array<std::string_view, 5> hyperparameters{"learning_rate", "beta1", "beta2", "epsilon", "weight_decay"};
    constexpr std::array<double, 5> values() const { return {learning_rate, beta1, beta2, epsilon, update_terms::value_or_zero(weight_decay)}; }
    constexpr std::array<double, 2> initial_states() const { return {initial_accumulator, initial_accumulator}; }

    static constexpr updated<2> update(ast::ref p, ast::ref g, ast::ref t, auto h, auto s) {
        using namespace update_terms;
        const auto [rate, beta1, beta2, epsilon, decay] = h;
        p = decayed_parameter<optax_t, WeightDecay>(p, rate, decay);
        const ref m = average(beta1, s[0], g);
        const ref v = s[1] - (one - beta2) * sign(s[1] - square(g)) * square(g);
        return {p - rate / correction(beta1, t) * m / (sqrt(one / correction(beta2, t) * v) + epsilon), {m, v}};
    }
};

}  // namespace xgrad
