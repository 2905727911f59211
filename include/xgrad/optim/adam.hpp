// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/optim/optimiser.hpp>

namespace xgrad {

/// Adam: m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2;
/// p - rate (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon).
///
/// Source  Kingma and Ba, ICLR 2015, with PyTorch's defaults and place of epsilon
struct adam {
    double learning_rate = 1e-3;
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-8;

    static constexpr std::size_t states = 2;
    static constexpr auto hyperparameters = std::array<std::string_view, 4>{"learning_rate", "beta1", "beta2", "epsilon"};
    constexpr std::array<double, 4> values() const { return {learning_rate, beta1, beta2, epsilon}; }

    static constexpr updated<2> update(ast::ref p, ast::ref g, ast::ref t, auto h, auto s) {
        constexpr auto one = number<1.0>;
        const ast::ref m = h[1] * s[0] + (one - h[1]) * g;
        const ast::ref v = h[2] * s[1] + (one - h[2]) * square(g);
        const ast::ref rate = h[0] / (one - exp(t * log(h[1])));
        const ast::ref scale = one / (one - exp(t * log(h[2])));
        return {p - rate * m / (sqrt(scale * v) + h[3]), {m, v}};
    }
};

}  // namespace xgrad
