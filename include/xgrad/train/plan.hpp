// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/optim/region.hpp>
#include <xgrad/program.hpp>

namespace xgrad {

/// Clips all gradients together: scaled by min(1, max_norm / (norm + 1e-6)), as PyTorch does. Every gradient must be known
/// before the first update, so updates are kernels of their own then.
struct clip_global_norm {
    double max_norm = 1;
};

namespace detail {
template <class Optimiser, std::size_t K>
inline constexpr declaration hyperparameter{.name = Optimiser::hyperparameters[K], .kind = leaf_kind::hole};
inline constexpr declaration step_number{.name = "step", .kind = leaf_kind::hole};
inline constexpr declaration largest_norm{.name = "max_norm", .kind = leaf_kind::hole};

/// The parameters a lowered loss depends on, in the order they were met.
constexpr growing_array<int> parameter_nodes(const graph& g) {
    growing_array<int> found;
    for (int n = 0; n < g.size(); ++n)
        if (g[n].op == &info<leaf_op> && g[n].attr.leaf->kind == leaf_kind::parameter) found.push_back(n);
    return found;
}

/// A training step as goals: the loss, and for every parameter its new value and states.
template <class Optimiser, bool Clip>
constexpr plan_draft plan_training(const record* loss, plan_options options) {
    graph g;
    g.rewrite = rewrite_refined;
    lowering l{g, &derive_record};
    growing_array<int> roots{l.lower(loss)};
    growing_array<int> targets{-1};
    if (l.clash) throw "xgrad: one name is declared twice with different extents, kinds or initialisers";

    auto leaf = [&](const declaration* d) { return ast::ref{&g, g.insert(&info<leaf_op>, {.leaf = d}, nullptr, 0)}; };
    const auto hyper = [&]<std::size_t... K>(std::index_sequence<K...>) {
        return std::array<ast::ref, sizeof...(K)>{leaf(&hyperparameter<Optimiser, K>)...};
    }(std::make_index_sequence<Optimiser::hyperparameters.size()>{});
    const ast::ref step = leaf(&step_number);

    const growing_array<int> parameters = parameter_nodes(g);
    growing_array<ast::ref> gradients;
    for (int p : parameters) gradients.push_back({&g, gradient_node(l, roots[0], p)});
    if constexpr (Clip) {
        ast::ref total{&g, g.number(0)};
        for (const ast::ref& d : gradients) total = total + square(d).sum((1u << d.shape().rank) - 1);
        const ast::ref factor = minimum(ast::ref{&g, g.number(1)}, leaf(&largest_norm) / (sqrt(total) + number<1e-6>));
        for (ast::ref& d : gradients) d = factor * d;
    }
    if (parameters.empty()) return plan_graph(g, roots, targets, true, options, l.declared);
    update_region<Optimiser> update(g, {&g, parameters[0]}, step, hyper);
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const ast::ref p{&g, parameters[i]};
        std::array<ast::ref, Optimiser::states> states{};
        for (std::size_t k = 0; k < Optimiser::states; ++k)
            states[k] = {&g, g.insert(&info<state_op>, {.number = static_cast<double>(k)}, &p.index, 1)};
        const auto made = update.apply(p, gradients[i], states);
        roots.push_back(made.parameter.index);
        targets.push_back(p.index);
        for (std::size_t k = 0; k < Optimiser::states; ++k) {
            roots.push_back(made.states[k].index);
            targets.push_back(states[k].index);
        }
    }
    return plan_graph(g, roots, targets, true, options, l.declared);
}

template <class Loss, class Optimiser, bool Clip, plan_options Options>
struct training_plan {
    static constexpr std::array<const record*, 1> outputs = {ast::node_traits<Loss>::of()};
    static constexpr plan_draft draft() { return plan_training<Optimiser, Clip>(outputs[0], Options); }
    static constexpr const auto& value = sized_plan<training_plan, count_records(outputs) * (3 + Optimiser::states), Options.apart>::value;
};
}  // namespace detail

}  // namespace xgrad
