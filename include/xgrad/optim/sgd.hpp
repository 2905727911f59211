// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/optim/optimiser.hpp>

namespace xgrad {

/// sgd{.learning_rate = 0.1, .momentum = 0.9, .nesterov = xg::on} = stochastic gradient descent: a step against the gradient.
///
/// Update      p - rate g;  with momentum v = momentum v + (1 - dampening) g (the first v is g), p - rate v;  with Nesterov p - rate (g + momentum v)
/// Options     weight_decay: g + weight_decay p in place of g; keras and optax: p - rate weight_decay p first. maximize (xg::on): -g in place of g.
///             preset keras: the rate is in the momentum, v = momentum v - rate g, p + v, Nesterov p + momentum v - rate g; the others agree
/// Source      Sutskever et al., ICML 2013 (Nesterov); PyTorch's form and defaults; ONNX's Momentum has dampening 1 - beta
/// Catalogue   optimiser
template <class Preset = torch_t, class Momentum = absent, class Dampening = absent, class Nesterov = absent, class WeightDecay = absent, class Maximize = absent>
struct sgd {
    Preset preset{};
    double learning_rate = 1e-2;
    Momentum momentum{};
    Dampening dampening{};
    Nesterov nesterov{};
    WeightDecay weight_decay{};
    Maximize maximize{};

    static constexpr bool has_momentum = is_given<Momentum>, has_nesterov = is_given<Nesterov>, is_keras = std::is_same_v<Preset, keras_t>;
    static_assert(has_momentum || !has_nesterov, "xgrad::sgd: nesterov needs a momentum. Fix: add .momentum = 0.9.");
    static_assert(has_momentum || !is_given<Dampening>, "xgrad::sgd: dampening needs a momentum. Fix: add .momentum = 0.9.");
    static_assert(!is_keras || !is_given<Dampening>, "xgrad::sgd: Keras's momentum has no dampening. Fix: drop it, or the preset.");

    using undecayed = sgd<Preset, Momentum, Dampening, Nesterov, absent, Maximize>;
    static constexpr std::size_t states = has_momentum ? 1 : 0;
    static constexpr std::array<std::string_view, 1> state_names{"momentum"};
    static constexpr std::array<std::string_view, 4> hyperparameters{"learning_rate", "momentum", "dampening", "weight_decay"};
    constexpr std::array<double, 4> values() const {
        using update_terms::value_or_zero;
        return {learning_rate, value_or_zero(momentum), value_or_zero(dampening), value_or_zero(weight_decay)};
    }

    static constexpr updated<states> update(ast::ref p, ast::ref g, ast::ref t, auto h, auto s) {
        using namespace update_terms;
        const auto [rate, momentum, dampening, decay] = h;
        if constexpr (is_given<Maximize>) g = -g;
        g = decayed_gradient<Preset, WeightDecay>(p, g, decay);
        p = decayed_parameter<Preset, WeightDecay>(p, rate, decay);
        if constexpr (!has_momentum) {
            return {p - rate * g, {}};
        } else if constexpr (is_keras) {
            const ref v = momentum * s[0] - rate * g;
            return {has_nesterov ? p + momentum * v - rate * g : p + v, {v}};
        } else {
            ref added = g;
            if constexpr (is_given<Dampening>) added = select(t > one, one - dampening, one) * g;
            const ref v = momentum * s[0] + added;
            return {p - rate * (has_nesterov ? g + momentum * v : v), {v}};
        }
    }
};

}  // namespace xgrad
