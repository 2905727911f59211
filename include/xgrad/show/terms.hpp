// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/graph/ref.hpp>
#include <xgrad/ops/all.hpp>
#include <xgrad/ops/attention.hpp>

#include <algorithm>
#include <functional>
#include <string>
#include <unordered_map>

/// What is printed is first brought into one form, whether it was a record (what the user wrote), a node of a graph or a
/// kernel's body. Everything here runs at run time and is compiled once: no template sees the graph.
namespace xgrad::show {

/// One operation to print. With a `name` it is that name and nothing else: a leaf, or a place where the formula was cut.
struct term {
    const op_info* op = nullptr;
    attributes attr{};
    int arity = 0;
    small_array<int, max_arity> operands{};
    shape extents{};
    std::string name{};
};

/// `mean` is no op but a quotient; it prints as what the user called.
inline constexpr op_info mean_view = [] {
    op_info made;
    made.name = "mean";
    made.kind = op_kind::reduction;
    made.arity = 1;
    return made;
}();

/// Terms in topological order, equal ones once, and those that are asked for.
class terms {
public:
    std::vector<term> list{};
    growing_array<int> roots{};

    const term& operator[](int i) const { return list[static_cast<std::size_t>(i)]; }
    const term& operand(const term& t, int k) const { return (*this)[t.operands[static_cast<std::size_t>(k)]]; }
    int size() const { return static_cast<int>(list.size()); }

    int leaf(std::string name, const shape& extents = {}) {
        term made;
        made.extents = extents;
        made.name = std::move(name);
        return add(std::move(made));
    }
    int number(double value) { return add({&info<constant_op>, {.number = value}}); }

    /// An op over terms. `tidy` undoes the normal form, in which a - b is a + (-1) b, and leaves implied broadcasts out.
    int make(const op_info* op, const attributes& attr, const small_array<int, max_arity>& x, int arity, const shape& extents, bool tidy) {
        if (op == &info<pinned_op> || op == &info<mode_op> || op == &info<observe_op>) return x[0];
        if (op == &info<divide_op> && is_mean(x)) return add({&mean_view, (*this)[x[0]].attr, 1, {(*this)[x[0]].operands[0]}, extents});
        if (op == &info<contract_rows_op> && (*this)[x[0]].extents.rank == 2) return contract_rows(x, extents);
        if (!tidy) return add({op, attr, arity, x, extents});
        if (op == &info<add_op> && is_negative(x[1])) return make(&info<subtract_op>, {}, {x[0], positive(x[1])}, 2, extents, true);
        if (op == &info<add_op> && is_negative(x[0])) return make(&info<subtract_op>, {}, {x[1], positive(x[0])}, 2, extents, true);
        if (op == &info<add_op> && !(*this)[x[0]].name.empty() && (*this)[x[1]].op && (*this)[x[1]].op->kind == op_kind::contraction)
            return add({op, attr, 2, {x[1], x[0]}, extents});
        if (op == &info<multiply_op> && is_number(x[0], -1)) return negated(x[1]);
        if (op->kind == op_kind::reduction && is_total_of_view(attr, x[0])) {
            const term& moved = (*this)[x[0]];
            return add({op, {.axes = (1u << operand(moved, 0).extents.rank) - 1}, 1, {moved.operands[0]}, extents});
        }
        if (op->kind == op_kind::elementwise || op->kind == op_kind::composite) return without_broadcasts({op, attr, arity, x, extents});
        return add({op, attr, arity, x, extents});
    }

    bool is_number(int i, double value) const { return (*this)[i].op == &info<constant_op> && (*this)[i].attr.number == value; }

private:
    std::unordered_map<std::uint64_t, int> known_{};

    int add(term t) {
        std::uint64_t h = digest_of(t.attr);
        h = mix(h, t.op ? t.op->digest + digest_of(t.op->name) : 0);
        h = mix(mix(h, digest_of(std::string_view(t.name))), static_cast<std::uint64_t>(t.extents.rank));
        for (int i = 0; i < t.extents.rank; ++i)  // the extent of a rule's wildcard has neither size nor name
            h = mix(h, t.extents[i].name ? digest_of(t.extents[i].name->text) : static_cast<std::uint64_t>(t.extents[i].size));
        for (int k = 0; k < t.arity; ++k) h = mix(h, static_cast<std::uint64_t>(t.operands[static_cast<std::size_t>(k)]));
        const auto [place, is_new] = known_.try_emplace(h, size());
        if (is_new) list.push_back(std::move(t));
        return place->second;
    }
    bool is_mean(const small_array<int, max_arity>& x) const {
        const term &total = (*this)[x[0]], &count = (*this)[x[1]];
        return total.op == &info<sum_op> && count.op == &info<count_op> && total.operands[0] == count.operands[0] && total.attr.axes == count.attr.axes;
    }
    /// a^T b, which of two matrices is a product with a transpose.
    int contract_rows(const small_array<int, max_arity>& x, const shape& extents) {
        attributes swap;
        swap.source = {1, 0};
        shape turned = (*this)[x[0]].extents;
        std::swap(turned[0], turned[1]);
        const int left = add({&info<movement_op>, swap, 1, {x[0]}, turned});
        return add({&info<matmul_op>, {}, 2, {left, x[1]}, extents});
    }
    bool is_negative(int i) const {
        const term* t = &(*this)[i];
        while (t->op == &info<multiply_op> || t->op == &info<divide_op>) t = &operand(*t, 0);
        return t->op == &info<negate_op> || (t->op == &info<constant_op> && t->attr.number < 0);
    }
    int positive(int i) {
        std::vector<term> outer;
        while ((*this)[i].op == &info<multiply_op> || (*this)[i].op == &info<divide_op>) {
            outer.push_back((*this)[i]);
            i = (*this)[i].operands[0];
        }
        i = (*this)[i].op == &info<negate_op> ? (*this)[i].operands[0] : number(-(*this)[i].attr.number);
        for (; !outer.empty(); outer.pop_back()) {
            term t = outer.back();
            t.operands[0] = i;
            i = t.op == &info<multiply_op> && is_number(i, 1) ? t.operands[1] : add(t);
        }
        return i;
    }
    /// -(a b) is (-a) b and -(a / b) is (-a) / b, to the bit.
    int negated(int i) {
        const term t = (*this)[i];
        if (t.op != &info<multiply_op> && t.op != &info<divide_op>) return add({&info<negate_op>, {}, 1, {i}, t.extents});
        return add({t.op, {}, 2, {negated(t.operands[0]), t.operands[1]}, t.extents});
    }
    /// A reduction over all axes of what is only turned, or lacks axes of extent 1.
    bool is_total_of_view(const attributes& attr, int i) const {
        const term& moved = (*this)[i];
        if (moved.op != &info<movement_op> || attr.axes != (1u << moved.extents.rank) - 1) return false;
        for (int k = 0; k < moved.extents.rank; ++k)
            if (moved.attr.source[static_cast<std::size_t>(k)] < 0) return false;
        return true;
    }
    /// Operands that NumPy's rules broadcast by themselves stand as they are.
    int without_broadcasts(term t) {
        small_array<int, max_arity> bare = t.operands;
        shape_result joint;
        for (int k = 0; k < t.arity; ++k) {
            int& x = bare[static_cast<std::size_t>(k)];
            const term& moved = (*this)[x];
            if (moved.op == &info<movement_op> && moved.attr.axes != any_axes && is_numpy_broadcast(moved)) x = moved.operands[0];
            joint = broadcast_shapes(joint.value, (*this)[x].extents);
            if (joint.broken) return add(std::move(t));
        }
        if (t.op->kind == op_kind::elementwise && joint.value == t.extents) t.operands = bare;
        return add(std::move(t));
    }

public:
    /// Whether a movement only repeats its operand, aligned at the last axis.
    bool is_numpy_broadcast(const term& t) const {
        const shape& from = operand(t, 0).extents;
        for (int i = 0; i < t.extents.rank; ++i) {
            const int axis = i - (t.extents.rank - from.rank);
            const int source = t.attr.source[static_cast<std::size_t>(i)];
            if (source >= 0 ? source != axis : axis >= 0 && !from[axis].is_one()) return false;
        }
        return from.rank <= t.extents.rank;
    }
};

/// Attention and its derivatives: what others keep in attributes::axes is in theirs heads and a switch.
inline constexpr const op_info* attention_ops[] = {&info<attention_op<false>>,
                                                   &info<attention_op<true>>,
                                                   &info<attention_derivative_op<false, true, true>>,
                                                   &info<attention_derivative_op<true, true, true>>,
                                                   &info<attention_derivative_op<false, true, false>>,
                                                   &info<attention_derivative_op<true, true, false>>,
                                                   &info<attention_derivative_op<false, false, true>>,
                                                   &info<attention_derivative_op<true, false, true>>};
inline bool is_attention(const op_info* op) {
    return std::any_of(std::begin(attention_ops), std::end(attention_ops), [op](const op_info* one) { return one == op; });
}

inline std::string leaf_name(const op_info* op, const attributes& attr) {
    if (attr.leaf) return std::string(attr.leaf->name);
    if (attr.axis && op == &info<extent_op>) return std::string(attr.axis->text);
    if (op == &info<position_op>) return "position";
    if (op == &info<carry_op>) return "before";
    if (op->name == "wildcard") return std::string(1, "abct"[static_cast<int>(attr.number) & 3]);
    return {};
}

/// What the user wrote.
inline terms terms_of(const record* root) {
    terms made;
    std::unordered_map<std::uint64_t, int> done;
    std::vector<const record*> stack{root};
    while (!stack.empty()) {
        const record& r = *stack.back();
        bool ready = true;
        small_array<int, max_arity> x{};
        for (int k = 0; k < r.arity; ++k) {
            const record* operand = r.operands[static_cast<std::size_t>(k)];
            const auto found = done.find(operand->digest);
            if (found == done.end()) {
                stack.push_back(operand);
                ready = false;
            } else {
                x[static_cast<std::size_t>(k)] = found->second;
            }
        }
        if (!ready) continue;
        stack.pop_back();
        if (done.contains(r.digest)) continue;
        const std::string name = leaf_name(r.op, r.attr);
        done[r.digest] = name.empty() ? made.make(r.op, r.attr, x, r.arity, r.extents, false) : made.leaf(name, r.extents);
    }
    made.roots.push_back(done[root->digest]);
    return made;
}

/// Nodes of a graph. `cut` may give a node a name of its own, beyond which nothing is printed; a root is not cut at itself.
inline terms terms_of(const graph& g, const growing_array<int>& roots, const std::function<std::string(int)>& cut = {}) {
    terms made;
    growing_array<int> with_cuts(g.nodes.size(), -1);
    for (const int root : roots) {
        std::vector<char> needed(static_cast<std::size_t>(root) + 1, 0);
        needed.back() = 1;
        auto name_of = [&](int i) {
            std::string name = leaf_name(g[i].op, g[i].attr);
            return !name.empty() || !cut || i == root ? name : cut(i);
        };
        for (int i = root; i >= 0; --i)
            if (needed[static_cast<std::size_t>(i)] && name_of(i).empty())
                for (int k = 0; k < g[i].arity; ++k) needed[static_cast<std::size_t>(g.operand(i, k))] = 1;
        growing_array<int>& image = with_cuts;
        for (int i = 0; i <= root; ++i) {
            if (!needed[static_cast<std::size_t>(i)]) continue;
            const std::string name = name_of(i);
            small_array<int, max_arity> x{};
            for (int k = 0; name.empty() && k < g[i].arity; ++k) x[static_cast<std::size_t>(k)] = image[static_cast<std::size_t>(g.operand(i, k))];
            image[static_cast<std::size_t>(i)] = name.empty() ? made.make(g[i].op, g[i].attr, x, g[i].arity, g.shape_of(i), true) : made.leaf(name, g.shape_of(i));
        }
        made.roots.push_back(image[static_cast<std::size_t>(root)]);
    }
    return made;
}

}  // namespace xgrad::show
