// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/optim/optimiser.hpp>

namespace xgrad {

/// sign_sgd{.learning_rate = 1e-3} = steps of one size against the sign of the gradient; with momentum Signum.
///
/// Update      p - rate sign(g);  with momentum m = momentum m + (1 - momentum) g, p - rate sign(m)
/// Options     momentum; weight_decay: p - rate weight_decay p first
/// Source      Bernstein et al., ICML 2018
/// Catalogue   optimiser
template <class Momentum = absent, class WeightDecay = absent>
struct sign_sgd {
    double learning_rate = 1e-3;
    Momentum momentum{};
    WeightDecay weight_decay{};

    using undecayed = sign_sgd<Momentum, absent>;
    static constexpr std::size_t states = is_given<Momentum> ? 1 : 0;
    static constexpr std::array<std::string_view, 1> state_names{"mean"};
    static constexpr std::array<std::string_view, 3> hyperparameters{"learning_rate", "momentum", "weight_decay"};
    constexpr std::array<double, 3> values() const { return {learning_rate, update_terms::value_or_zero(momentum), update_terms::value_or_zero(weight_decay)}; }

    static constexpr updated<states> update(ast::ref p, ast::ref g, ast::ref, auto h, auto s) {
        using namespace update_terms;
        const auto [rate, momentum, decay] = h;
        p = decayed_parameter<optax_t, WeightDecay>(p, rate, decay);
        if constexpr (is_given<Momentum>) {
            const ref m = average(momentum, s[0], g);
            return {p - rate * sign(m), {m}};
        } else {
            return {p - rate * sign(g), {}};
        }
    }
};

}  // namespace xgrad
