// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/plan/one_row.hpp>
#include <xgrad/show/cost.hpp>

#include <ostream>

namespace xgrad {

namespace show {

inline constexpr std::size_t page_width = 118;

/// Text behind a label, broken at spaces where it would leave the page; later lines stand under the first.
inline void print(std::ostream& os, std::size_t indent, const std::string& label, std::string_view text) {
    std::string line = std::string(indent, ' ') + label;
    const std::string hang(std::min<std::size_t>(line.size(), 40) + (text.size() > page_width ? 2 : 0), ' ');
    while (line.size() + text.size() > page_width) {
        std::size_t cut = text.rfind(' ', page_width - line.size());
        if (cut == std::string_view::npos || cut == 0) cut = text.find(' ');
        if (cut == std::string_view::npos) break;
        os << line << text.substr(0, cut) << '\n';
        text.remove_prefix(cut + 1);
        line = hang;
    }
    os << line << text << '\n';
}

inline void print_rendering(std::ostream& os, std::size_t indent, const rendering& r, const std::vector<std::string>& labels) {
    for (std::size_t i = 0; i < r.roots.size(); ++i) print(os, indent, labels[i], r.roots[i]);
    for (std::size_t i = 0; i < r.definitions.size(); ++i)
        print(os, indent + 2, i ? "      " : "where ", r.definitions[i].first + " = " + r.definitions[i].second);
    if (r.left_out) print(os, indent + 2, "      ", "and " + std::to_string(r.left_out) + " more");
}

inline std::string joined(const std::vector<std::string>& list, std::string_view between = ", ") {
    std::string text;
    for (const std::string& one : list) text += (text.empty() ? std::string() : std::string(between)) + one;
    return text.empty() ? "nothing" : text;
}
inline std::string counted(std::int64_t n, std::string_view what) { return std::to_string(n) + " " + std::string(what) + (n == 1 ? "" : "s"); }

inline std::string sizes_text(std::span<const axis_size> sizes) {
    std::string text;
    for (const axis_size& a : sizes) text += (text.empty() ? "" : ", ") + std::string(a.name) + " = " + std::to_string(a.size);
    return text;
}
/// What is known beside a plan. It turns formulas of elements into figures: the sizes of axes, where they are given, and the bytes of a number.
struct scale {
    std::span<const axis_size> sizes{};
    std::size_t number_bytes = sizeof(float);
    std::string_view (*state_name)(std::size_t) = nullptr;  ///< how a trainer calls the states of a parameter
    std::ptrdiff_t vector_width = 0;                        ///< numbers in a vector, of a compiled program

    double bytes(const amount& elements) const { return static_cast<double>(number_bytes) * elements.at(sizes); }
    std::string text(const amount& elements) const { return elements.text() + " * " + std::to_string(number_bytes) + " bytes"; }
};
/// Bytes of the arena, and the figure once the axes have sizes. The gaps that let every array start at a multiple of 64 bytes are not
/// counted, nor what is spared where kernels run panel by panel.
inline std::string arena_text(const plan_draft& p, const scale& to) {
    amount elements;
    for (const shape& s : p.slots)
        if (s.rank > 0) elements.add(s, 1);
    if (elements.is_zero()) return "0 bytes";
    const std::string text = to.text(elements);
    const double bytes = to.bytes(elements);
    if (std::isnan(bytes) || to.sizes.empty()) return text;
    return text + " = " + std::to_string(std::llround(bytes)) + " bytes for " + sizes_text(to.sizes);
}
/// What a kernel costs at least, as a formula or, where sizes are given, as figures.
inline std::string cost_text(const kernel_cost& c, const scale& to) {
    const double bytes = to.bytes(c.elements), flops = c.flops.at(to.sizes);
    if (!std::isnan(bytes + flops)) return in_units(bytes, "B") + ", " + in_units(flops, "flop");
    return to.text(c.elements) + ", " + c.flops.text() + " flops";
}

inline void print_leaves(std::ostream& os, std::span<const declaration* const> leaves) {
    std::vector<std::string> inputs, parameters;
    std::int64_t numbers = 0;
    for (const declaration* d : leaves) {
        const bool is_parameter = d->kind == leaf_kind::parameter;
        (is_parameter ? parameters : inputs)
            .push_back(std::string(d->name) + (d->extents.rank ? " " + shape_text(d->extents) : "") + (d->classes ? " of " + std::to_string(d->classes) + " classes" : ""));
        if (!is_parameter) continue;
        std::int64_t elements = 1;
        for (int i = 0; i < d->extents.rank; ++i) elements *= d->extents[i].size;
        numbers += elements;
    }
    os << '\n';
    print(os, 2, "inputs      ", joined(inputs));
    if (numbers) print(os, 2, "parameters  ", joined(parameters) + ": " + counted(numbers, "number"));
}

inline void print_expression(std::ostream& os, const record* root, const stages& s) {
    os << "expression\n";
    print_rendering(os, 2, render(terms_of(root), &write_text), {""});
    print_leaves(os, s.leaves);
}

inline void print_gradients(std::ostream& os, const stages& s) {
    if (s.derived.size() < 2) return;
    std::size_t width = 0;
    std::vector<std::string> labels = s.results;
    growing_array<int> derived = s.derived;
    std::reverse(labels.begin() + 1, labels.end());
    std::reverse(derived.begin() + 1, derived.end());
    for (const std::string& name : labels) width = std::max(width, name.size());
    for (std::string& name : labels) name += std::string(width - name.size(), ' ') + " = ";
    os << "\nloss and gradients after rewriting\n";
    print_rendering(os, 2, render(terms_of(s.refined, derived), &write_text), labels);
}

inline void print_rules(std::ostream& os, std::span<const int> fired) {
    bool any = false;
    for (std::size_t r = 0; r < fired.size() && r < rewrite_rules.size(); ++r) {
        if (!fired[r]) continue;
        if (!any) os << "\nrules that fired\n";
        any = true;
        const rewrite_rule& rule = rewrite_rules[r];
        const std::string_view promise = rule.promise == holds::exactly             ? "the same bits"
                                         : rule.promise == holds::but_for_zero_sign ? "the same bits but for the sign of zero"
                                                                                    : "the same in exact arithmetic, better in floating point";
        std::string head(rule.name);
        head.resize(std::max<std::size_t>(head.size() + 2, 30), ' ');
        std::string count = counted(fired[r], "time");
        count.resize(std::max<std::size_t>(count.size() + 2, 10), ' ');
        print(os, 2, head + count, promise);
        print(os, 6, "", to_string(rule.before) + "  ->  " + to_string(rule.after));
    }
}

/// What is special about a checkpointed loop.
inline std::string back_again(const plan_draft& p, const loop_state& l) {
    const checkpointed_loops& c = p.checkpoints[static_cast<std::size_t>(l.checkpointed - 1)];
    const std::string segments = counted(c.every, "step") + " at a time";
    return l.first < c.back_first ? segments + ", again on the way back, and keeps the states between; " : segments + "; ";
}
/// The states that checkpointed loops keep, besides the arena's arrays.
inline void print_kept_states(std::ostream& os, const plan_draft& p, const scale& to) {
    for (std::size_t n = 0; n < p.checkpoints.size(); ++n) {
        amount elements;
        for (const loop_state& l : p.loops) {
            if (static_cast<std::size_t>(l.checkpointed) != n + 1 || l.first >= p.checkpoints[n].back_first) continue;
            shape state = p.buffers[static_cast<std::size_t>(l.carry)].extents;
            state[0] = one_extent;
            elements.add(state, 1);
        }
        print(os, 2, "states   ", to.text(elements) + " for every " + std::to_string(p.checkpoints[n].every) + " steps");
    }
}
/// The loops that begin with a step of the plan: what one step of theirs hands on to the next.
inline void print_loops(std::ostream& os, const plan_draft& p, const std::vector<std::string>& names, std::size_t step, int number) {
    auto name = [&](int buffer) { return names[static_cast<std::size_t>(buffer)]; };
    for (std::size_t k = 0; k < p.loops.size(); ++k) {
        const loop_state& l = p.loops[k];
        if (l.first != static_cast<int>(step)) continue;
        const bool is_new = k == 0 || p.loops[k - 1].runs_before(l);
        const std::int64_t kernels = l.last - l.first;
        if (is_new) {
            std::string head = "loop over " + std::string(p.buffers[static_cast<std::size_t>(l.carry)].extents[0].name->text) + (l.backwards ? ", from the last: " : ": ");
            if (kernels) head += counted(kernels, "kernel") + " from " + std::to_string(number) + " on, for one step after the other; ";
            if (l.checkpointed > 0) head += back_again(p, l);
            print(os, 2, head + "hands on " + name(l.next) + " to " + name(l.carry), "");
        } else {
            print(os, 4, "and " + name(l.next) + " to " + name(l.carry), "");
        }
    }
}

inline void print_kernels(std::ostream& os, const plan_draft& p, const std::vector<std::string>& names, const std::vector<kernel_text>& kernels,
                          const std::vector<kernel_cost>& costs, const scale& to) {
    os << "\nkernels\n";
    int number = 0;
    for (std::size_t i = 0; i < kernels.size(); ++i) {
        const kernel_text& k = kernels[i];
        print_loops(os, p, names, i, number + 1);
        if (k.kind == "guard") {
            os << "     guard: stops here, before any parameter changes, where the " << k.reads[0] << " is not finite\n";
            continue;
        }
        std::string head = std::to_string(++number);
        head.resize(3, ' ');
        head += k.kind + (k.space.rank ? " over " + shape_text(k.space) : "") + ", " + counted(k.instructions, "instruction");
        if (to.vector_width > 0 && columns_of_one_row(p, static_cast<std::size_t>(p.steps[i].body), to.vector_width) > 0) head += ", laid out for one row";
        if (k.passes > 1) head += ", " + std::to_string(k.passes) + " passes over a row";
        if (!k.heavy.empty()) head += "; heavy: " + joined(k.heavy);
        print(os, 2, head, "");
        print(os, 5, "reads  ", joined(k.reads));
        print(os, 5, "fuses  ", fused_ops(k));
        std::vector<std::string> labels;
        for (std::size_t w = 0; w < k.writes.size(); ++w)
            labels.push_back((w ? "       " : "writes ") + k.writes[w] + (k.written[w].rank ? " " + shape_text(k.written[w]) : "") + " = ");
        print_rendering(os, 5, render(k.formulas, &write_text, {}, names), labels);
        if (k.space.rank) print(os, 5, "costs  ", cost_text(costs[i], to));
    }
}

inline std::int64_t kernel_count(const plan_draft& p) {
    return std::count_if(p.steps.begin(), p.steps.end(), [](const step& s) { return s.kind != step_kind::guard; });
}

/// A plan as it stands; with the stages of the expression that it computes, formulas are the expression's.
inline void print_plan(std::ostream& os, const plan_draft& p, const op_names& ops, const std::vector<std::string>& results, const stages* s, const scale& to) {
    print_rules(os, p.fired);
    std::vector<kernel_cost> costs;
    for (const step& k : p.steps) costs.push_back(cost_of(p, k, ops));
    const std::vector<std::string> names = buffer_names(p, results, to.state_name);
    print_kernels(os, p, names, kernels_of(p, ops, names, s), costs, to);
    os << "\nmemory\n";
    print(os, 2, "arena    ", arena_text(p, to));
    print_kept_states(os, p, to);
}

/// All of it: an expression alone, or with the plan of a training step made from it.
inline void explain(std::ostream& os, const record* root, const plan_draft* training, const scale& to) {
    const stages s = run_stages(root);
    op_names ops;
    ops.add(s.refined);
    ops.add(s.opened);
    print_expression(os, root, s);
    print_gradients(os, s);
    print_plan(os, training ? *training : s.plan, ops, s.results, training ? nullptr : &s, to);
    if (training) return;
    const plan_draft apart = run_stages(root, true).plan;
    print(os, 2, "unfused  ", arena_text(apart, to) + ", " + counted(kernel_count(apart), "kernel") + " instead of " + std::to_string(kernel_count(s.plan)));
}

/// A compiled program: what it was given, if that is known, and its kernels.
inline void explain(std::ostream& os, std::span<const record* const> roots, const plan_draft& p, const scale& to) {
    op_names ops;
    for (std::size_t i = 0; i < roots.size(); ++i) {
        const stages s = open_stages(roots[i], false);
        ops.add(s.refined);
        ops.add(s.opened);
        if (i == 0) os << "expressions\n";
        print_rendering(os, 2, render(terms_of(roots[i]), &write_text), {"result" + std::to_string(i) + " = "});
    }
    std::vector<const declaration*> leaves;
    for (const buffer& b : p.buffers)
        if (b.kind == buffer_kind::leaf && b.leaf->kind != leaf_kind::hole) leaves.push_back(b.leaf);
    print_leaves(os, leaves);
    print_plan(os, p, ops, {}, nullptr, to);
}
}  // namespace show

/// explain(os, expr), explain(os, expr, {{"batch", 32}}): every stage of an expression as text of at most 120 columns. What
/// was written; for a scalar with parameters its gradients; the rules that fired and what they promise; the kernels of value
/// and gradients together, with what they read, fuse, write and cost (bytes that must move, in float, and operations: 1 for
/// an instruction, 16 for a heavy one, 2 for a multiply-add of a product); the bytes of intermediates. Costs and bytes are
/// formulas, or figures where the named axes are given. xgrad/show/profile.hpp measures the same kernels.
///
/// t0, t1, ... are arrays in the arena, by slot: two values whose lives do not overlap share one. s0, s1, ... are numbers.
/// Errors      std::invalid_argument with the sentence that `compile` would stop with: a name declared twice, no plan
inline void explain(std::ostream& os, const record* r, std::initializer_list<axis_size> sizes = {}) {
    show::explain(os, r, nullptr, {{sizes.begin(), sizes.size()}});
}
/// explain(os, trainer): the loss, and the kernels of its training step with the updates in them.
template <template <class...> class Trainer, class Loss, class... Rest>
    requires ast::symbolic<Loss> && requires { Trainer<Loss, Rest...>::state_name(0); }
void explain(std::ostream& os, const Trainer<Loss, Rest...>&, std::initializer_list<axis_size> sizes = {}) {
    const plan_draft step = show::draft_of(Trainer<Loss, Rest...>::plan);
    show::explain(os, ast::node_traits<Loss>::of(), &step, {{sizes.begin(), sizes.size()}, sizeof(typename Trainer<Loss, Rest...>::value_type), &Trainer<Loss, Rest...>::state_name});
}
/// explain(os, compile(...)), explain(os, predictor), explain(os, prepared), explain(os, trainer.compile(...)): the kernels of a program as it is, with its
/// options and number type. The last two no longer have their expressions. "laid out for one row": a kernel for one sample (docs/architecture.md, 27).
template <class Program>
    requires(!ast::symbolic<Program>) && requires { Program::plan.steps; }
void explain(std::ostream& os, const Program&, std::initializer_list<axis_size> sizes = {}) {
    std::span<const record* const> expressions;
    if constexpr (requires { Program::expressions; }) expressions = Program::expressions;
    std::ptrdiff_t width = 0;
    if constexpr (requires { Program::vector_width; }) width = Program::vector_width;
    show::explain(os, expressions, show::draft_of(Program::plan), {{sizes.begin(), sizes.size()}, sizeof(typename Program::value_type), nullptr, width});
}

namespace ast {
template <symbolic X>
void explain(std::ostream& os, X, std::initializer_list<axis_size> sizes = {}) {
    xgrad::explain(os, node_traits<X>::of(), sizes);
}
}  // namespace ast
using ast::explain;

}  // namespace xgrad
