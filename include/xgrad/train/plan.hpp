// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/optim/region.hpp>
#include <xgrad/program.hpp>
#include <xgrad/train/projection.hpp>
#include <xgrad/train/touched_rows.hpp>

namespace xgrad {

namespace detail {
template <class Numbered, std::size_t K>
inline constexpr declaration hyperparameter{.name = Numbered::hyperparameters[K], .kind = leaf_kind::hole};
inline constexpr declaration step_number{.name = "step", .kind = leaf_kind::hole};
inline constexpr declaration average_decay{.name = "average_decay", .kind = leaf_kind::hole};
inline constexpr declaration batch_count{.name = "batch_count", .kind = leaf_kind::hole};
inline constexpr declaration batches_before{.name = "batches_before", .kind = leaf_kind::hole};

/// The parameters a lowered loss depends on, in the order they were met.
constexpr growing_array<int> parameter_nodes(const graph& g) {
    growing_array<int> found;
    for (int n = 0; n < g.size(); ++n)
        if (g[n].op == &info<leaf_op> && g[n].attr.leaf->kind == leaf_kind::parameter) found.push_back(n);
    return found;
}

/// What is asked of a training step, by types alone. States of a parameter: the optimiser's, its average, its gradient so far.
template <class Optimiser, class... Options>
struct training {
    static constexpr bool averages = asks_for<ema, Options...>, accumulates = asks_for<accumulate, Options...>, is_sparse = (is_of_kind<Options, sparse_updates_t> || ...);
    static constexpr std::size_t average = Optimiser::states, gathered = average + (averages ? 1 : 0), states = gathered + (accumulates ? 1 : 0);
    static constexpr bool is_frozen([[maybe_unused]] const declaration& d) { return (names<freeze_t>(static_cast<Options*>(nullptr), d) || ...); }
    static constexpr bool is_spared([[maybe_unused]] const declaration& d) { return (names<no_decay_t>(static_cast<Options*>(nullptr), d) || ...) || (asks_for<decay_matrices_t, Options...> && d.extents.rank < 2); }
    static constexpr bool is_updated_by_rows([[maybe_unused]] const declaration& d) { return (names<sparse_updates_t>(static_cast<Options*>(nullptr), d) || ...); }
    /// The place of the first option that scales a parameter's learning rate, or how many options there are.
    static constexpr std::size_t rate_group([[maybe_unused]] const declaration& d) {
        std::size_t group = 0;
        (void)((names<rate_factor>(static_cast<Options*>(nullptr), d) || (++group, false)) || ...);
        return group;
    }
    static constexpr std::string_view state_name(std::size_t k) {
        if (k == gathered) return "gathered";
        if (k == average) return "average";
        if constexpr (requires { Optimiser::state_names; }) {
            return k < Optimiser::state_names.size() ? Optimiser::state_names[k] : std::string_view();
        } else {
            constexpr std::array<std::string_view, 4> plain{"state0", "state1", "state2", "state3"};
            return plain[k];
        }
    }
};
/// The optimiser for parameters without weight decay.
template <class Optimiser>
struct without_decay {
    using type = Optimiser;
};
template <class Optimiser>
    requires requires { typename Optimiser::undecayed; }
struct without_decay<Optimiser> {
    using type = typename Optimiser::undecayed;
};

/// A training step on its way into a plan: the loss, and for every parameter its new value and states.
template <class Optimiser, class... Options>
class step_writer {
    using asked = training<Optimiser, Options...>;

public:
    constexpr explicit step_writer(const record* objective) : l{g, &derive_record} {
        g.rewrite = rewrite_refined;
        l.training = true;
        roots.push_back(l.lower(objective));
        targets.push_back(-1);
    }
    /// Gathers the gradients of one batch.
    constexpr plan_draft gather(plan_options options) {
        differentiate();
        for (std::size_t i = 0; i < list.gradients.size(); ++i) write(list.gradients[i], state(list.parameters[i], asked::gathered));
        move_statistics();
        return plan_graph(l, roots, targets, 1, options);
    }
    constexpr plan_draft update(plan_options options) {
        const auto numbers = numbers_of<Optimiser>();
        const ast::ref t = leaf(&step_number);
        differentiate();
        if constexpr (asked::accumulates)
            for (ast::ref& d : list.gradients) d = d / leaf(&batch_count);
        (clip(static_cast<Options*>(nullptr)), ...);
        if (list.norm.index >= 0) {
            roots.push_back(list.norm.index);
            targets.push_back(-1);
        }
        const std::size_t guarded = roots.size();
        std::size_t group = 0;
        (update_rate_group<Options>(t, numbers, group++), ...);
        update_group(t, numbers, group);
        move_statistics();
        if constexpr (asked::is_sparse) tables.check();
        plan_draft made = plan_graph(l, roots, targets, guarded, options);
        made.refused = static_cast<int>(tables.refused);
        return made;
    }

private:
    graph g{};
    lowering l;
    touched_rows tables{g};
    gradient_list list{};                        ///< for a part of a table its rows and their gradient
    growing_array<touched_rows::part> parts{};  ///< by parameter of the list; without a table where it is no part of one
    growing_array<int> roots{}, targets{};

    constexpr ast::ref leaf(const declaration* d) { return {&g, g.insert(&info<leaf_op>, {.leaf = d}, nullptr, 0)}; }
    template <class Numbered>
    constexpr auto numbers_of() {
        return [&]<std::size_t... K>(std::index_sequence<K...>) {
            return std::array<ast::ref, sizeof...(K)>{leaf(&hyperparameter<Numbered, K>)...};
        }(std::make_index_sequence<Numbered::hyperparameters.size()>{});
    }
    constexpr ast::ref state(ast::ref p, std::size_t k) { return {&g, g.insert(&info<state_op>, {.number = static_cast<double>(k)}, &p.index, 1)}; }
    constexpr void write(ast::ref value, ast::ref target) {
        roots.push_back(value.index);
        targets.push_back(target.index);
    }

    /// Every statistic that is not frozen takes in what the batch showed of it, once for each place where it did (inner places first, and of
    /// operands the last).
    constexpr void move_statistics() {
        for (std::size_t i = 0; i < l.observations.size(); ++i) {
            const int statistic = l.observations[i].statistic;
            bool is_first = !asked::is_frozen(*g[statistic].attr.leaf);
            for (std::size_t k = 0; k < i; ++k) is_first = is_first && l.observations[k].statistic != statistic;
            if (!is_first) continue;
            ast::ref moved{&g, statistic};
            for (std::size_t k = i; k < l.observations.size(); ++k)
                if (l.observations[k].statistic == statistic) {
                    const ast::ref momentum{&g, g.number(l.observations[k].momentum)};
                    moved = moved + momentum * (ast::ref{&g, l.observations[k].value} - moved);
                }
            write(moved, {&g, statistic});
        }
    }
    constexpr void differentiate() {
        for (int p : parameter_nodes(g)) {
            if (asked::is_frozen(*g[p].attr.leaf)) continue;
            const ast::ref slope{&g, gradient_node(l, roots[0], p)};
            if (asked::is_sparse && asked::is_updated_by_rows(*g[p].attr.leaf)) {
                for (const touched_rows::part& part : tables.parts_of({&g, p}, slope)) {
                    list.parameters.push_back(part.values);
                    list.gradients.push_back(part.gradient);
                    parts.push_back(part);
                }
                continue;
            }
            list.parameters.push_back({&g, p});
            list.gradients.push_back(slope);
            if constexpr (asked::is_sparse) parts.push_back({});
        }
        if constexpr (asked::accumulates)
            for (std::size_t i = 0; i < list.gradients.size(); ++i) {
                ast::ref& d = list.gradients[i];
                d = select(leaf(&batches_before) > number<0.0>, state(list.parameters[i], asked::gathered) + d, d);
            }
    }
    constexpr bool is_part(std::size_t i) const { return asked::is_sparse && parts[i].table.index >= 0; }
    constexpr ast::ref declared(std::size_t i) const { return is_part(i) ? parts[i].table : list.parameters[i]; }
    constexpr void write_all_or_part(std::size_t i, ast::ref value, ast::ref target) { write(is_part(i) ? tables.replaced(target, parts[i].rows, value) : value, target); }
    constexpr void clip(auto*) {}
    template <std::derived_from<clipping> C>
    constexpr void clip(C*) {
        if constexpr (asked::is_sparse && !requires { requires C::takes_parts; })
            for (std::size_t i = 1; i < parts.size(); ++i)
                if (parts[i].table.index >= 0 && parts[i].table.index == parts[i - 1].table.index) tables.refused = rows_refused::clipping_in_parts;
        C::clip(list, numbers_of<C>());
    }
    constexpr void project(auto*, const declaration&, ast::ref&) {}
    template <std::derived_from<projection> P>
    constexpr void project(P*, const declaration& d, ast::ref& made) {
        if (P::concerns(d.name)) made = P::project(made, numbers_of<P>());
    }
    /// The parameters whose rate an option scales, by its place among the options; after the last, all others.
    template <class Option>
    constexpr void update_rate_group(ast::ref t, auto numbers, std::size_t group) {
        if constexpr (is_of_kind<Option, rate_factor>) {
            for (std::size_t k = 0; k < numbers.size(); ++k)
                if (Optimiser::hyperparameters[k] == "learning_rate") numbers[k] = numbers[k] * numbers_of<Option>()[0];
            update_group(t, numbers, group);
        }
    }
    constexpr void update_group(ast::ref t, const auto& numbers, std::size_t group) {
        update_all<Optimiser>(t, numbers, group, false);
        update_all<typename without_decay<Optimiser>::type>(t, numbers, group, true);
    }
    /// The update of all parameters of a group that weight decay spares, or of all others of it.
    template <class Formula>
    constexpr void update_all(ast::ref t, const auto& numbers, std::size_t group, bool spared) {
        const auto concerns = [&](std::size_t i) {
            const declaration& d = *declared(i).attr().leaf;
            return asked::is_spared(d) == spared && asked::rate_group(d) == group;
        };
        std::size_t first = 0;
        while (first < list.parameters.size() && !concerns(first)) ++first;
        if (first == list.parameters.size()) return;
        update_region<Formula> formula(g, list.parameters[first], t, numbers, static_cast<int>(2 * group) + spared);
        for (std::size_t i = first; i < list.parameters.size(); ++i) {
            if (!concerns(i)) continue;
            const ast::ref p = declared(i);
            std::array<ast::ref, Optimiser::states> states{}, before{};
            for (std::size_t k = 0; k < Optimiser::states; ++k) {
                states[k] = state(p, k);
                before[k] = is_part(i) ? tables.held(states[k], parts[i].rows) : states[k];
            }
            auto made = formula.apply(list.parameters[i], list.gradients[i], before);
            (project(static_cast<Options*>(nullptr), *p.attr().leaf, made.parameter), ...);
            write_all_or_part(i, made.parameter, p);
            for (std::size_t k = 0; k < Optimiser::states; ++k) write_all_or_part(i, made.states[k], states[k]);
            if constexpr (asked::averages) {
                const ast::ref old = state(p, asked::average);
                write(update_terms::average(leaf(&average_decay), old, made.parameter), old);
            }
        }
    }
};

template <class Loss, class Optimiser, plan_options Options, class Asked>
struct training_plan;
template <class Loss, class Optimiser, plan_options Options, class... Asked>
struct training_plan<Loss, Optimiser, Options, option_list<Asked...>> {
    static constexpr std::array<const record*, 1> outputs = {ast::node_traits<Loss>::of()};
    static constexpr plan_draft draft() { return step_writer<Optimiser, Asked...>(outputs[0]).update(Options); }
    static constexpr const auto& value = sized_plan<training_plan, count_records(outputs) * (3 + training<Optimiser, Asked...>::states), Options.apart>::value;
};
/// What the batches before the last one of an update run.
template <class Loss, class Optimiser, plan_options Options, class Asked>
struct gathering_plan;
template <class Loss, class Optimiser, plan_options Options, class... Asked>
struct gathering_plan<Loss, Optimiser, Options, option_list<Asked...>> {
    static constexpr std::array<const record*, 1> outputs = {ast::node_traits<Loss>::of()};
    static constexpr plan_draft draft() { return step_writer<Optimiser, Asked...>(outputs[0]).gather(Options); }
    static constexpr const auto& value = sized_plan<gathering_plan, count_records(outputs) * 4, Options.apart>::value;
};
}  // namespace detail

}  // namespace xgrad
