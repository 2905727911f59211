// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/optim/optimiser.hpp>

namespace xgrad {

/// Stochastic gradient descent: p - rate v with v = momentum v + g, or p - rate (g + momentum v) with Nesterov.
/// `sgd{.learning_rate = 0.1}`, `sgd{.learning_rate = 0.1, .momentum = 0.9, .nesterov = xg::on}`.
///
/// Source  PyTorch's SGD without dampening: the first v is g
template <class Momentum = absent, class Nesterov = absent>
struct sgd {
    double learning_rate = 1e-2;
    Momentum momentum{};
    Nesterov nesterov{};

    static constexpr bool has_momentum = !std::is_same_v<Momentum, absent>;
    static constexpr bool has_nesterov = !std::is_same_v<Nesterov, absent>;
    static_assert(has_momentum || !has_nesterov, "xgrad::sgd: nesterov needs a momentum. Fix: add .momentum = 0.9.");

    static constexpr std::size_t states = has_momentum ? 1 : 0;
    static constexpr auto hyperparameters = std::array<std::string_view, 2>{"learning_rate", "momentum"};
    constexpr std::array<double, 2> values() const {
        if constexpr (has_momentum) {
            return {learning_rate, static_cast<double>(momentum)};
        } else {
            return {learning_rate, 0};
        }
    }

    static constexpr updated<states> update(ast::ref p, ast::ref g, ast::ref, auto h, auto s) {
        if constexpr (!has_momentum) {
            return {p - h[0] * g, {}};
        } else {
            const ast::ref v = h[1] * s[0] + g;
            if constexpr (has_nesterov) {
                return {p - h[0] * (g + h[1] * v), {v}};
            } else {
                return {p - h[0] * v, {v}};
            }
        }
    }
};

}  // namespace xgrad
