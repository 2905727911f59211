// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/diff/differentiate.hpp>
#include <xgrad/expr/declaration_text.hpp>
#include <xgrad/plan/plan.hpp>
#include <xgrad/show/text.hpp>

#include <span>
#include <stdexcept>

namespace xgrad::show {

/// The pipeline of one expression and, where it is a scalar with parameters, of its gradients, stage by stage.
struct stages {
    graph lowered{}, refined{}, opened{};
    growing_array<int> image{};                  ///< by node of `refined`: the node of `opened` that is its value, or -1
    std::vector<const declaration*> leaves{};  ///< inputs and parameters, in the order of the text
    growing_array<int> derived{};                ///< results as nodes of `refined`: the expression, then the gradients
    std::vector<std::string> results{};        ///< their names
    growing_array<goal> goals{};                 ///< the same as nodes of `opened`
    plan_draft plan{};
};

namespace detail {
inline std::vector<char> needed_by(const graph& g, const growing_array<int>& roots) {
    std::vector<char> needed(g.nodes.size(), 0);
    for (const int root : roots) needed[static_cast<std::size_t>(root)] = 1;
    for (int i = g.size() - 1; i >= 0; --i)
        if (needed[static_cast<std::size_t>(i)])
            for (int k = 0; k < g[i].arity; ++k) needed[static_cast<std::size_t>(g.operand(i, k))] = 1;
    return needed;
}
}  // namespace detail

/// What `compile` has the compiler do before it plans, done now: the same functions in the same order.
inline stages open_stages(const record* root, bool apart) {
    stages s;
    s.lowered.rewrite = rewrite_stable;
    lowering l{s.lowered, &derive_record};
    l.training = root->extents.rank == 0;  // a loss is shown as it is trained
    const int value = l.lower(root);
    if (l.clash) {
        std::string text = "xgrad: '" + std::string(l.clash.one->name) + "' is declared twice with different extents, kinds or initialisers: ";
        describe(*l.clash.one, [&](std::string_view word) { text += word; });
        text += " and ";
        describe(*l.clash.other, [&](std::string_view word) { text += word; });
        throw std::invalid_argument(text + ". Fix: declare it once and use that object, or rename one.");
    }
    growing_array<int> roots{value}, parameters;
    const std::vector<char> used = detail::needed_by(s.lowered, roots);
    for (int n = 0; n < static_cast<int>(used.size()); ++n) {
        if (!used[static_cast<std::size_t>(n)] || s.lowered[n].op != &info<leaf_op> || s.lowered[n].attr.leaf->kind == leaf_kind::hole) continue;
        s.leaves.push_back(s.lowered[n].attr.leaf);
        if (s.lowered[n].attr.leaf->kind == leaf_kind::parameter) parameters.push_back(n);
    }
    std::reverse(s.leaves.begin(), s.leaves.end());  // lowering takes the last operand first
    if (s.lowered.shape_of(value).rank > 0) parameters.clear();
    s.results.push_back(parameters.empty() ? "result" : "loss");
    for (const int p : parameters) {
        roots.push_back(gradient_node(l, value, p));
        s.results.push_back("gradient(" + std::string(s.lowered[p].attr.leaf->name) + ")");
    }
    s.refined = rebuild(s.lowered, roots, rewrite_refined);
    s.derived = roots;
    // Every node that is needed anyway is a root too, so that the copy says where each of them went.
    const std::vector<char> needed = detail::needed_by(s.refined, roots);
    growing_array<int> all = roots, followed;
    for (int n = 0; n < s.refined.size(); ++n)
        if (needed[static_cast<std::size_t>(n)]) {
            all.push_back(n);
            followed.push_back(n);
        }
    s.opened = expand(s.refined, all, apart);
    s.image = growing_array<int>(s.refined.nodes.size(), -1);
    for (std::size_t i = 0; i < followed.size(); ++i) s.image[static_cast<std::size_t>(followed[i])] = all[roots.size() + i];
    for (std::size_t i = 0; i < roots.size(); ++i) s.goals.push_back({all[i], -1});
    return s;
}
/// And its plan. Where `compile` would stop the compiler with a sentence, this throws std::invalid_argument with it.
inline stages run_stages(const record* root, bool apart = false) try {
    stages s = open_stages(root, apart);
    s.plan = planner(s.opened, apart).run(s.goals, {}, {});
    return s;
} catch (const char* sentence) {
    throw std::invalid_argument(sentence);
}

/// From the digests in a kernel's body back to ops: those of the library, and those met in a graph.
class op_names {
public:
    op_names() {
        auto add_all = [this]<class... Op>(std::type_identity<std::tuple<Op...>>) { (add(&info<Op>), ...); };
        add_all(std::type_identity<elementwise_ops>{});
        add_all(std::type_identity<structural_ops>{});
        add_all(std::type_identity<whole_ops>{});
        add(&info<copy_op>);
    }
    void add(const op_info* op) { known_.try_emplace(op->digest, op); }
    void add(const graph& g) {
        for (const value_node& n : g.nodes) add(n.op);
    }
    const op_info* operator[](std::uint64_t digest) const {
        const auto found = known_.find(digest);
        return found == known_.end() ? &unknown : found->second;
    }

private:
    static constexpr op_info unknown = [] {
        op_info made;
        made.name = "op";
        return made;
    }();
    std::unordered_map<std::uint64_t, const op_info*> known_{};
};

/// A plan's arrays of any size, as a draft.
inline const plan_draft& draft_of(const plan_draft& p) { return p; }
template <plan_sizes Size>
plan_draft draft_of(const plan<Size>& p) {
    auto list = [](const auto& a) {
        growing_array<typename std::remove_cvref_t<decltype(a)>::value_type> made;
        for (const auto& one : a) made.push_back(one);
        return made;
    };
    return {list(p.steps), list(p.accesses), list(p.code), list(p.stores), list(p.bodies), list(p.buffers), list(p.slots), list(p.results), list(p.constraints), list(p.loops), list(p.checkpoints), list(p.fired), p.guard, p.visits};
}

/// Buffers by name: inputs and parameters by theirs, a parameter's states as the trainer calls them, arrays in the arena t0, t1, ... by slot, single
/// numbers s0, s1, ...
inline std::vector<std::string> buffer_names(const plan_draft& p, const std::vector<std::string>& results, std::string_view (*state_name)(std::size_t) = nullptr) {
    std::vector<std::string> by_slot(p.slots.size());
    int arrays = 0, numbers = 0;
    for (std::size_t i = 0; i < p.slots.size(); ++i) by_slot[i] = p.slots[i].rank ? "t" + std::to_string(arrays++) : "s" + std::to_string(numbers++);
    std::vector<std::string> names;
    for (const buffer& b : p.buffers) {
        const auto state = static_cast<std::size_t>(b.state);
        switch (b.kind) {
            case buffer_kind::leaf: names.emplace_back(b.leaf->name); break;
            case buffer_kind::state: names.push_back(std::string(b.leaf->name) + "." + (state_name ? std::string(state_name(state)) : "state" + std::to_string(b.state))); break;
            case buffer_kind::extent: names.emplace_back(b.axis->text); break;
            case buffer_kind::position: names.emplace_back("position"); break;
            case buffer_kind::result: names.push_back(state < results.size() ? results[state] : "result" + std::to_string(b.state)); break;
            default: names.push_back(b.slot >= 0 ? by_slot[static_cast<std::size_t>(b.slot)] : "unused");
        }
    }
    return names;
}

/// The attributes of an op with a loop of its own, from the one instruction of its kernel.
inline attributes attributes_of_whole(const instruction& i) { return {.axes = i.a | static_cast<std::uint32_t>(i.b) << 8 | static_cast<std::uint32_t>(i.c) << 16, .number = i.number}; }

/// One kernel in words.
struct kernel_text {
    std::string kind{};
    shape space{};
    std::vector<std::string> reads{}, writes{};
    std::vector<shape> written{};
    terms formulas{};              ///< a root for each of `writes`
    int instructions = 0, passes = 1;
    std::vector<std::string> heavy{};  ///< elementwise ops that cost more than a load
};

namespace detail {
inline constexpr axis_name rows_axis{"rows"}, columns_axis{"columns"};
inline bool contains(const std::vector<std::string>& list, const std::string& one) { return std::find(list.begin(), list.end(), one) != list.end(); }
inline void add_once(std::vector<std::string>& list, const std::string& one) {
    if (!contains(list, one)) list.push_back(one);
}

/// A kernel's formulas as its body has them: composites opened.
class body_reader {
public:
    const plan_draft& p;
    const step& s;
    const op_names& ops;
    const std::vector<std::string>& names;
    kernel_text out{};

    body_reader(const plan_draft& plan, const step& step_, const op_names& op_names_, const std::vector<std::string>& buffers)
        : p(plan), s(step_), ops(op_names_), names(buffers) {}

    kernel_text run() {
        const body_range& b = p.bodies[static_cast<std::size_t>(s.body)];
        if (s.kind == step_kind::whole) return whole(p.code[static_cast<std::size_t>(b.first_instruction)]);
        for (int i = 0; i < b.instructions; ++i) registers_.push_back(value(p.code[static_cast<std::size_t>(b.first_instruction + i)]));
        for (int i = 0; i < b.stores; ++i) note_array(p.stores[static_cast<std::size_t>(b.first_store + i)]);
        for (int i = 0; i < b.stores; ++i) write(p.stores[static_cast<std::size_t>(b.first_store + i)]);
        out.kind = s.kind == step_kind::contraction ? "contraction" : b.scalar ? "scalar" : reduces_ ? "row" : "elementwise";
        out.space = s.space;
        out.instructions = b.instructions;
        out.passes = b.phases;
        return std::move(out);
    }

private:
    growing_array<int> registers_{};
    std::vector<std::pair<int, std::string>> arrays_{};  ///< terms that are stored as they are: a sum of them names the array
    bool reduces_ = false;

    int touched(int access) const { return p.accesses[static_cast<std::size_t>(s.first_access + access)].buffer; }
    int read(int buffer_index) {
        const std::string& name = names[static_cast<std::size_t>(buffer_index)];
        add_once(out.reads, name);
        return out.formulas.leaf(name, p.buffers[static_cast<std::size_t>(buffer_index)].extents);
    }
    int make(const op_info* op, const attributes& a, const small_array<int, max_arity>& x, int arity) { return out.formulas.make(op, a, x, arity, {}, true); }
    int side(int buffer_index, bool transposed) {
        const int x = read(buffer_index);
        if (!transposed) return x;
        shape turned = out.formulas[x].extents;
        attributes swap;
        for (int i = 0; i < turned.rank && i < max_rank; ++i) swap.source[static_cast<std::size_t>(i)] = static_cast<std::int8_t>(i < turned.rank - 2 ? i : 2 * turned.rank - 3 - i);
        std::swap(turned[turned.rank - 1], turned[turned.rank - 2]);
        return out.formulas.make(&info<movement_op>, swap, {x}, 1, turned, true);
    }
    kernel_text whole(const instruction& i) {
        const op_info* op = ops[i.op];
        small_array<int, max_arity> x{};
        const int arity = s.access_count - 1;
        for (int k = 0; k < arity; ++k) x[static_cast<std::size_t>(k)] = read(touched(k));
        const auto b = static_cast<std::size_t>(touched(arity));
        out.formulas.roots.push_back(out.formulas.make(op, attributes_of_whole(i), x, arity, p.buffers[b].extents, true));
        out.writes.push_back(names[b]);
        out.written.push_back(p.buffers[b].extents);
        out.kind = "own loop";
        out.space = s.space;
        out.instructions = 1;
        return std::move(out);
    }
    int value(const instruction& i) {
        const int a = i.a < registers_.size() ? registers_[i.a] : -1;
        switch (i.what) {
            case opcode::load:
            case opcode::scalar: return read(touched(i.access));
            case opcode::constant: return out.formulas.number(i.number);
            case opcode::tile: {
                const int left = side(s.left, s.left_transposed), right = side(s.right, s.right_transposed);
                return make(s.rows_are_summed ? &info<contract_rows_op> : &info<matmul_op>, {}, {left, right}, 2);
            }
            case opcode::index: return make(&info<one_hot_op>, {}, {a}, 1);
            case opcode::gather: return make(&info<pick_op>, {}, {read(touched(i.access)), a}, 2);
            case opcode::reduce: reduces_ = true; return make(ops[i.op], {.axis = &columns_axis}, {a}, 1);
            default: break;
        }
        const op_info* op = ops[i.op];
        if (op->heavy) add_once(out.heavy, std::string(op->name));
        return make(op, {}, {a, registers_[i.b], registers_[i.c]}, op->arity);
    }
    void note_array(const store& st) {
        const auto b = static_cast<std::size_t>(touched(st.access));
        const bool is_new = p.buffers[b].kind == buffer_kind::temporary || p.buffers[b].kind == buffer_kind::result;
        if (!st.op && is_new) arrays_.emplace_back(registers_[st.from], names[b]);
    }
    void write(const store& st) {
        int x = registers_[st.from];
        if (st.op) {
            const term& from = out.formulas[x];
            const bool columns_too = from.attr.axis == &columns_axis && from.op == ops[st.op];
            attributes a;
            a.axis = st.how == storing::total || columns_too ? nullptr : &rows_axis;
            x = columns_too ? from.operands[0] : x;
            for (const auto& [stored, name] : arrays_)
                if (stored == x) {
                    x = out.formulas.leaf(name);
                    break;
                }
            x = make(ops[st.op], a, {x}, 1);
        }
        out.formulas.roots.push_back(x);
        const auto b = static_cast<std::size_t>(touched(st.access));
        out.writes.push_back(names[b]);
        out.written.push_back(p.buffers[b].extents);
    }
};

/// The same formulas in the words of the graph before composites were opened, where they fit what the kernel reads.
inline void use_composites(kernel_text& k, const stages& st, const step& s, const std::vector<std::string>& names) {
    std::vector<std::string> name_of(st.refined.nodes.size());
    growing_array<int> roots;
    auto note = [&](int b) {
        int found = -1;
        for (std::size_t n = 0; n < st.image.size() && found < 0; ++n)
            if (st.image[n] >= 0 && st.image[n] == st.plan.buffers[static_cast<std::size_t>(b)].node) found = static_cast<int>(n);
        if (found >= 0) name_of[static_cast<std::size_t>(found)] = names[static_cast<std::size_t>(b)];
        return found;
    };
    const body_range& body = st.plan.bodies[static_cast<std::size_t>(s.body)];
    for (int a = 0; a < s.access_count; ++a) note(st.plan.accesses[static_cast<std::size_t>(s.first_access + a)].buffer);
    if (s.kind == step_kind::contraction) {
        note(s.left);
        note(s.right);
    }
    for (int i = 0; i < body.stores; ++i) {
        const int access = s.first_access + st.plan.stores[static_cast<std::size_t>(body.first_store + i)].access;
        roots.push_back(note(st.plan.accesses[static_cast<std::size_t>(access)].buffer));
        if (roots.back() < 0) return;
    }
    terms made = terms_of(st.refined, roots, [&](int n) { return name_of[static_cast<std::size_t>(n)]; });
    std::size_t met = 0;
    for (const term& t : made.list) {
        if (t.name.empty()) continue;
        if (contains(k.reads, t.name)) {
            ++met;
        } else if (!contains(k.writes, t.name)) {
            return;
        }
    }
    if (met == k.reads.size()) k.formulas = std::move(made);
}
}  // namespace detail

/// A plan's kernels in order; `stages` are those it was made by, or null where only the plan is left.
inline std::vector<kernel_text> kernels_of(const plan_draft& p, const op_names& ops, const std::vector<std::string>& names, const stages* st) {
    std::vector<kernel_text> made;
    for (const step& s : p.steps) {
        if (s.kind == step_kind::guard) {
            made.emplace_back();
            made.back().kind = "guard";
            made.back().reads = {s.left == p.guard ? "loss" : "norm of the gradients"};
            continue;
        }
        made.push_back(detail::body_reader{p, s, ops, names}.run());
        if (st) detail::use_composites(made.back(), *st, s, names);
    }
    return made;
}

/// The ops of a kernel in order, equal ones counted: "matmul + add + relu". What costs nothing is left out.
inline std::string fused_ops(const kernel_text& k) {
    std::vector<std::pair<std::string, int>> counts;
    const growing_array<int> uses = detail::uses_of(k.formulas);
    for (int i = 0; i < k.formulas.size(); ++i) {
        const term& t = k.formulas[i];
        if (!uses[static_cast<std::size_t>(i)] || t.arity == 0 || t.op->kind == op_kind::movement) continue;
        const auto found = std::find_if(counts.begin(), counts.end(), [&](const auto& c) { return c.first == t.op->name; });
        if (found == counts.end()) {
            counts.emplace_back(t.op->name, 1);
        } else {
            ++found->second;
        }
    }
    std::string text;
    for (const auto& [name, count] : counts) text += (text.empty() ? "" : " + ") + (count > 1 ? std::to_string(count) + " " : "") + name;
    return text.empty() ? "copy" : text;
}

}  // namespace xgrad::show
