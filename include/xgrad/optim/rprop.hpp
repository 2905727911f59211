// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/optim/optimiser.hpp>

namespace xgrad {

/// rprop{} = each number has a step of its own, which grows while the gradient keeps its sign and shrinks when that turns. For whole data sets, not for batches.
///
/// Update      a = g last:  d = min(grow d, longest) where a > 0,  d = max(shrink d, shortest) and g = 0 where a < 0;  p - sign(g) d,  last = g
/// Options     the first d is learning_rate 1e-2; shrink 0.5, grow 1.2, shortest 1e-6, longest 50
/// Source      Riedmiller and Braun, ICNN 1993; PyTorch's form (iRprop-) and defaults
/// Catalogue   optimiser
struct rprop {
    double learning_rate = 1e-2;
    double shrink = 0.5;
    double grow = 1.2;
    double shortest = 1e-6;
    double longest = 50;

    static constexpr std::size_t states = 2;
    static constexpr std::array<std::string_view, 2> state_names{"last", "size"};
    static constexpr std::array<std::string_view, 4> hyperparameters{"shrink", "grow", "shortest", "longest"};
    constexpr std::array<double, 4> values() const { return {shrink, grow, shortest, longest}; }
    constexpr std::array<double, 2> initial_states() const { return {0, learning_rate}; }

    static constexpr updated<2> update(ast::ref p, ast::ref g, ast::ref, auto h, auto s) {
        using namespace update_terms;
        const auto [shrink, grow, shortest, longest] = h;
        const ref agreement = sign(g) * sign(s[0]);
        const ref size = select(agreement > zero, minimum(s[1] * grow, longest), select(agreement < zero, maximum(s[1] * shrink, shortest), s[1]));
        const ref kept = select(agreement < zero, zero, g);
        return {p - sign(kept) * size, {kept, size}};
    }
};

}  // namespace xgrad
