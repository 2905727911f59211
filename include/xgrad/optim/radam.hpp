// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/optim/optimiser.hpp>

namespace xgrad {

/// radam{} = Adam that begins as momentum: the root of v is used once enough steps have made it reliable.
///
/// Update      m, v as in adam;  R = 2 / (1 - beta2) - 1,  r(t) = R - 2 t beta2^t / (1 - beta2^t);  where r(t) > 5:
///             p - rate sqrt((r - 4)(r - 2) R / ((R - 4)(R - 2) r)) m / (1 - beta1^t) sqrt(1 - beta2^t) / (sqrt(v) + epsilon), else p - rate m / (1 - beta1^t)
/// Options     preset optax: 1 / (sqrt(v / (1 - beta2^t)) + epsilon). weight_decay: g + weight_decay p in place of g; optax: p - rate weight_decay p first
/// Source      Liu et al., ICLR 2020; forms and defaults of PyTorch, Optax
/// Catalogue   optimiser
template <class Preset = torch_t, class WeightDecay = absent>
struct radam {
    static_assert(update_terms::is_any_of<Preset, torch_t, optax_t>, "xgrad::radam: the presets are torch and optax.");
    Preset preset{};
    double learning_rate = 1e-3;
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-8;
    WeightDecay weight_decay{};

    using undecayed = radam<Preset, absent>;
    static constexpr std::size_t states = 2;
    static constexpr std::array<std::string_view, 2> state_names{"mean", "square"};
    static constexpr std::array<std::string_view, 5> hyperparameters{"learning_rate", "beta1", "beta2", "epsilon", "weight_decay"};
    constexpr std::array<double, 5> values() const { return {learning_rate, beta1, beta2, epsilon, update_terms::value_or_zero(weight_decay)}; }

    static constexpr updated<2> update(ast::ref p, ast::ref g, ast::ref t, auto h, auto s) {
        using namespace update_terms;
        constexpr auto two = number<2.0>;
        constexpr auto four = number<4.0>;
        const auto [rate, beta1, beta2, epsilon, decay] = h;
        g = decayed_gradient<Preset, WeightDecay>(p, g, decay);
        p = decayed_parameter<Preset, WeightDecay>(p, rate, decay);
        const ref m = average(beta1, s[0], g), v = average(beta2, s[1], square(g));
        const ref limit = two / (one - beta2) - one;
        const ref length = limit - two * t * power(beta2, t) / correction(beta2, t);
        const ref is_reliable = length > number<5.0>;
        const ref safe = select(is_reliable, length, number<5.0>);
        const ref rectified = sqrt((safe - four) * (safe - two) * limit / ((limit - four) * (limit - two) * safe));
        // As numbers: what is divided by is a root where that is reliable, and else 1.
        const ref scale = std::is_same_v<Preset, optax_t> ? sqrt(one / correction(beta2, t) * v) + epsilon : (sqrt(v) + epsilon) / sqrt(correction(beta2, t));
        const ref corrected = rate / correction(beta1, t) * m;
        return {p - select(is_reliable, rectified * corrected / scale, corrected), {m, v}};
    }
};

}  // namespace xgrad
