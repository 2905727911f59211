// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/graph/lower.hpp>
#include <xgrad/optim/optimiser.hpp>

namespace xgrad {

/// An update formula, lowered once: over placeholders for the parameter, its gradient and states. For each parameter its nodes
/// are copied with these in their place, which costs the compiler a tenth of lowering the formula again.
template <class Optimiser>
class update_region {
    static constexpr std::size_t holes = 2 + Optimiser::states;
    using hyperparameters = std::array<ast::ref, Optimiser::hyperparameters.size()>;

public:
    /// The formula over placeholders of the parameter's shape. Regions of one graph have numbers, so that they share no placeholder.
    constexpr update_region(graph& graph_, ast::ref parameter, ast::ref step, const hyperparameters& numbers, int region = 0)
        : g(graph_), step_(step), numbers_(numbers) {
        first_ = g.size();
        std::array<ast::ref, holes> x{};
        for (std::size_t k = 0; k < holes; ++k) {
            const double number = static_cast<double>(k) + 1000.0 * region + 0.5;  // no state has such a number
            x[k] = {&g, g.insert(&info<state_op>, {.number = number}, &parameter.index, 1)};
            x_[k] = x[k].index;
        }
        shape_ = g[parameter.index].shape;
        copies_ = parameter.shape().rank > 0;
        made_ = formula(x);
        last_ = g.size();
        for (int n = first_; n < last_; ++n) {
            if (g.shape_of(n).rank == 0) g.nodes[static_cast<std::size_t>(n)].origin = step.index;  // kept apart, all these numbers are one op
            const value_node& v = g[n];
            copies_ = copies_ && (v.arity == 0 || v.op == &info<state_op> || (v.op->kind == op_kind::elementwise && (v.shape == shape_ || g.shape_of(n).rank == 0)));
        }
        image_ = growing_array<int>(static_cast<std::size_t>(last_ - first_), -1);
    }

    /// The formula for one parameter.
    constexpr updated<Optimiser::states> apply(ast::ref parameter, ast::ref slope, const std::array<ast::ref, Optimiser::states>& states) {
        std::array<ast::ref, holes> x{parameter, slope};
        for (std::size_t k = 0; k < Optimiser::states; ++k) x[2 + k] = states[k];
        if (!copies_) return formula(x);
        for (int& i : image_) i = -1;
        for (std::size_t k = 0; k < holes; ++k) image_[at(x_[k])] = x[k].index;
        const int wanted = g[parameter.index].shape;
        for (int n = first_; n < last_; ++n) {
            if (image_[at(n)] >= 0) continue;
            small_array<int, max_arity> operands = g[n].operands;
            bool changed = false;
            for (int k = 0; k < g[n].arity; ++k) {
                int& operand = operands[static_cast<std::size_t>(k)];
                if (operand < first_ || image_[at(operand)] == operand) continue;
                operand = image_[at(operand)];
                changed = true;
            }
            image_[at(n)] = n;
            if (!changed) continue;
            image_[at(n)] = g.copy(g[n], operands, g[n].shape == shape_ ? wanted : g[n].shape);
            g.nodes[static_cast<std::size_t>(image_[at(n)])].origin = parameter.index;  // and so is a parameter's update
        }
        updated<Optimiser::states> result{{&g, image_of(made_.parameter)}, {}};
        for (std::size_t k = 0; k < Optimiser::states; ++k) result.states[k] = {&g, image_of(made_.states[k])};
        return result;
    }

private:
    graph& g;
    ast::ref step_;
    hyperparameters numbers_;
    std::array<int, holes> x_{};
    int first_ = 0, last_ = 0, shape_ = 0;
    bool copies_ = true;  ///< every node is elementwise, of the parameter's shape or a number
    updated<Optimiser::states> made_{};
    growing_array<int> image_{};

    constexpr std::size_t at(int n) const { return static_cast<std::size_t>(n - first_); }
    constexpr int image_of(ast::ref made) const { return made.index < first_ ? made.index : image_[at(made.index)]; }
    constexpr auto formula(const std::array<ast::ref, holes>& x) const {
        std::array<ast::ref, Optimiser::states> states{};
        for (std::size_t k = 0; k < Optimiser::states; ++k) states[k] = x[2 + k];
        return Optimiser::update(x[0], x[1], step_, numbers_, states);
    }
};

}  // namespace xgrad
