// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/optim/optimiser.hpp>

namespace xgrad {

/// RMSprop: v = decay v + (1 - decay) g^2; p - rate g / (sqrt(v) + epsilon).
///
/// Source  PyTorch's RMSprop (epsilon outside the root) with its defaults
struct rmsprop {
    double learning_rate = 1e-2;
    double decay = 0.99;
    double epsilon = 1e-8;

    static constexpr std::size_t states = 1;
    static constexpr auto hyperparameters = std::array<std::string_view, 3>{"learning_rate", "decay", "epsilon"};
    constexpr std::array<double, 3> values() const { return {learning_rate, decay, epsilon}; }

    static constexpr updated<1> update(ast::ref p, ast::ref g, ast::ref, auto h, auto s) {
        const ast::ref v = h[1] * s[0] + (number<1.0> - h[1]) * square(g);
        return {p - h[0] * g / (sqrt(v) + h[2]), {v}};
    }
};

}  // namespace xgrad
