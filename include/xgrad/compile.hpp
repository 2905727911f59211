// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/diff/differentiate.hpp>
#include <xgrad/expr/declaration_text.hpp>
#include <xgrad/graph/fingerprint.hpp>
#include <xgrad/kernel/bind.hpp>
#include <xgrad/kernel/checkpoints.hpp>
#include <xgrad/kernel/one_row.hpp>
#include <xgrad/kernel/short_rows.hpp>
#include <xgrad/kernel/whole.hpp>
#include <xgrad/plan/one_row.hpp>

namespace xgrad {

/// What a plan may do, as values the compiler sees.
struct plan_options {
    bool apart = false;        ///< one kernel an op, every intermediate stored: for comparison
    int checkpoint_every = 0;  ///< steps of a loop; 0: all of its values are kept
    friend constexpr bool operator==(const plan_options&, const plan_options&) = default;
};
/// What `compile` and `trainer` take for the plan.
struct plan_option {};
/// Passed to `compile` or `trainer`: no fusion; the same SIMD code, one kernel for each op, each op of a derivative and each
/// parameter's update.
struct unfused_t : plan_option {};
inline constexpr unfused_t unfused{};
/// `xg::checkpoint_every<32>`, passed to `compile` or `trainer`: loops keep their states before every 32nd step, not what each step has made. On the
/// way back the steps are run again, 32 at a time. Memory for 32 steps and the states, instead of all steps; time of one more loop forwards.
///
/// The steps are the same kernels and give the same bits; gradients of weights, and other sums over the steps, are added up in another order. Any number of
/// steps, not only multiples.
/// Arrays that anything else reads all steps of keep them: the loop's result where a loss is made of it, the elements. Steps as the first axis of
/// inputs spare most. Loops with loops inside, and what a second derivative reads of the first, are kept as without.
template <int Steps>
struct checkpoint_every_t : plan_option {
    static_assert(Steps > 0, "xgrad::checkpoint_every<k>: k is a number of steps, at least 1; about the root of their number needs least memory.");
};
template <int Steps>
inline constexpr checkpoint_every_t<Steps> checkpoint_every{};

namespace detail {
template <class Option>
inline constexpr int steps_to_checkpoint = 0;
template <int Steps>
inline constexpr int steps_to_checkpoint<checkpoint_every_t<Steps>> = Steps;
template <class Option>
inline constexpr bool is_plan_option = std::is_base_of_v<plan_option, Option>;
/// What some options, among others, say of the plan.
template <class... Options>
inline constexpr plan_options plan_options_of = [] {
    static_assert((0 + ... + (steps_to_checkpoint<Options> > 0)) <= 1, "xgrad::checkpoint_every<k>: the option is given twice. Fix: drop one.");
    return plan_options{.apart = (std::is_same_v<Options, unfused_t> || ...), .checkpoint_every = (0 + ... + steps_to_checkpoint<Options>)};
}();
}  // namespace detail

/// The pipeline after lowering, for any goals: opening, planning. (Rules, the refining ones included, have fired while the
/// nodes were made: they match derivatives as soon as these exist.) `roots` holds the goals' nodes, `guarded` numbers that must be finite
/// first.
constexpr plan_draft plan_graph(const lowering& lowered, growing_array<int> roots, const growing_array<int>& targets, std::size_t guarded, plan_options options) {
    growing_array<int> all = roots;
    for (int t : targets)
        if (t >= 0) all.push_back(t);
    graph opened = expand(lowered.g, all, options.apart);
    growing_array<goal> goals;
    std::size_t next_target = roots.size();
    for (std::size_t i = 0; i < targets.size(); ++i) {
        goal made{all[i], -1};
        if (targets[i] >= 0) made.target = all[next_target++];
        goals.push_back(made);
    }
    plan_draft made = planner(opened, options.apart, options.checkpoint_every).run(goals, {all.data(), guarded}, lowered.declared);
    made.clash = lowered.clash;
    return made;
}

/// Expressions to a plan: lower, differentiate, rewrite, plan.
constexpr plan_draft plan_expressions(span<const record* const> outputs, plan_options options) {
    graph g;
    g.rewrite = rewrite_refined;
    lowering l{g, &derive_record};
    growing_array<int> roots;
    for (const record* r : outputs) roots.push_back(l.lower(r));
    return plan_graph(l, roots, growing_array<int>(roots.size(), -1), 0, options);
}

/// Whether two expressions have one normal form: the same shape and, as rational functions of the same parts, the same value.
/// Compared after the stable rules and before the refining ones. `static_assert(xg::same(a, b))` is a proof by the compiler.
template <ast::symbolic A, ast::symbolic B>
consteval bool same(A, B) {
    graph g;
    g.rewrite = rewrite_stable;
    lowering l{g, &derive_record};
    const int a = l.lower(ast::node_traits<A>::of()), b = l.lower(ast::node_traits<B>::of());
    if (!(g.shape_of(a) == g.shape_of(b))) return false;
    fingerprint value(g);
    return a == b || value.of(a) == value.of(b);
}

namespace detail {
constexpr std::size_t count_records(span<const record* const> outputs) {
    digest_map seen;
    growing_array<const record*> stack;
    for (const record* r : outputs) stack.push_back(r);
    std::size_t count = 0;
    while (!stack.empty()) {
        const record* r = stack.back();
        stack.pop_back();
        if (seen.find(r->digest)) continue;
        seen.insert(r->digest, 1);
        ++count;
        for (int i = 0; i < r->arity; ++i) stack.push_back(r->operands[static_cast<std::size_t>(i)]);
    }
    return count;
}
/// Room for a plan made from so many records, generous for what people write; a formula that needs more is planned again
/// with eight times as much.
constexpr plan_sizes capacity_for(std::size_t r, bool apart, bool again = false) {
    if (apart) r = 8 * r + 32;
    if (again) r = 8 * r + 512;
    return {r / 2 + 48, 4 * r + 192, 2 * r + 512, r + 96, r / 4 + 48, 2 * r + 64, r + 32, 64, 32, 64, 32};
}

/// Reports two declarations of one name by type, so that the compiler prints the name and both.
template <fixed_string Name, fixed_string One, fixed_string Other>
constexpr bool is_declared_once() {
    return Name.empty();
}
template <fixed_string Name, fixed_string One, fixed_string Other>
constexpr bool refuse_second_declaration() {
    static_assert(is_declared_once<Name, One, Other>(),
                  "xgrad: one name is declared twice with different extents, kinds or initialisers (the lines around say which, and how). Fix: declare it once and use that object, or rename one.");
    return true;
}
template <const declaration* One, const declaration* Other>
inline constexpr bool names_one_thing = refuse_second_declaration<fixed_text<One->name.size()>(One->name), text_of<*One>(), text_of<*Other>()>();
template <>
inline constexpr bool names_one_thing<nullptr, nullptr> = true;

/// The plan that `Make` draws up, in arrays of its own size.
template <class Make, std::size_t Records, bool Apart>
struct sized_plan {
    static constexpr auto first = enlarge<capacity_for(Records, Apart)>(Make::draft());
    static constexpr auto large = [] {
        if constexpr (first.overflows) {
            return enlarge<capacity_for(Records, Apart, true)>(Make::draft());
        } else {
            return &first;
        }
    }();
    static constexpr const auto& drawn() {
        if constexpr (first.overflows) {
            return large;
        } else {
            return first;
        }
    }
    static_assert(names_one_thing<drawn().clash.one, drawn().clash.other>);
    static_assert(!drawn().overflows, "xgrad: this formula is too large for one plan. Fix: compile it in parts.");
    static constexpr auto value = shrink<drawn().used>(drawn());
};

template <plan_options Options, class... X>
struct expression_plan {
    static constexpr std::array<const record*, sizeof...(X)> outputs = {ast::node_traits<X>::of()...};
    static constexpr plan_draft draft() { return plan_expressions(outputs, Options); }
    static constexpr const auto& value = sized_plan<expression_plan, count_records(outputs), Options.apart>::value;
};

template <class T, const auto& Plan, std::size_t B>
constexpr auto kernel_of_body() {
    constexpr auto body = body_of_plan<Plan.bodies[B].instructions, Plan.bodies[B].stores>(Plan, static_cast<int>(B));
    constexpr std::uint64_t digest = kernel::define_body<body>::digest;
    constexpr opcode special = [&] {
        for (const instruction& i : body.code)
            if (i.what == opcode::tile || i.what == opcode::whole) return i.what;
        return opcode::apply;
    }();
    constexpr std::ptrdiff_t row_columns = columns_of_one_row(Plan, B, kernel::lanes<T>::width);
    if constexpr (special == opcode::whole) {
        return &kernel::whole_kernel<T, digest>::run;
    } else if constexpr (special == opcode::tile) {
        if constexpr (row_columns > 0) {
            return &kernel::one_row_kernel<T, digest, row_columns>::run_product;
        } else {
            return &kernel::contraction_kernel<T, digest>::run;
        }
    } else if constexpr (body.across) {
        return &kernel::short_row_kernel<T, digest>::run;
    } else if constexpr (row_columns > 0) {
        return &kernel::one_row_kernel<T, digest, row_columns>::run;
    } else {
        return &kernel::row_kernel<T, digest>::run;
    }
}
/// One function a body: the only place where a plan becomes types again.
template <class T, const auto& Plan>
inline constexpr auto kernel_table = []<std::size_t... B>(std::index_sequence<B...>) {
    return std::array<void (*)(const kernel::call&), sizeof...(B)>{kernel_of_body<T, Plan, B>()...};
}(std::make_index_sequence<std::remove_cvref_t<decltype(Plan)>::size.bodies>{});
/// A plan for run-time code, with all that it calls.
template <class T, const auto& Plan>
constexpr kernel::plan_view view_plan() {
    kernel::plan_view view = kernel::view_plan(Plan, kernel_table<T, Plan>.data());
    if constexpr (std::remove_cvref_t<decltype(Plan)>::size.checkpoints > 0) view.run_segments = &kernel::checkpointed_run<T>::run;
    return view;
}
}  // namespace detail

}  // namespace xgrad
