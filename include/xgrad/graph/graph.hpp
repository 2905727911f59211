// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/expr/growing_array.hpp>
#include <xgrad/expr/leaf.hpp>
#include <xgrad/ops/movement.hpp>
#include <xgrad/ops/scan.hpp>

namespace xgrad {

/// One node of the value graph. Operands always stand before the node that uses them.
struct value_node {
    const op_info* op = nullptr;
    attributes attr{};
    int arity = 0;
    small_array<int, max_arity> operands{};
    int shape = 0;  ///< index into graph::shapes
    int origin = -1;  ///< the node an expansion belongs to, when the plan keeps ops apart
    std::uint64_t digest = 0;
    std::uint64_t form = 0;  ///< the same without names: of two layers alike, whatever their parameters are called
};

/// Two extents that must turn out equal when arrays are bound.
struct extent_constraint {
    extent a{}, b{};
    friend constexpr bool operator==(const extent_constraint&, const extent_constraint&) = default;
};

/// A loop over the first axis, as arrays over all its steps: at each step `carry` is what `next` was one step before (after, where
/// it runs backwards), and at the first step its operand, or 0 without one. An edge from `next` back to `carry`.
struct recurrence {
    int carry, next;
    bool backwards;
    int inside = 0;  ///< loops that run in each step, one in the other
    int cotangent_of = -1;  ///< the carry of the loop whose cotangents it hands on
};

/// The value graph: hash-consed nodes in topological order, interned shapes. From here on an expression is a value, and
/// every stage is a loop over these arrays, run by the compiler.
struct graph {
    /// A chance to answer `make` with another node, or -1 to let it be. Set by the stage that runs (rewrite/).
    using rewriter = int (*)(graph&, const op_info*, const attributes&, const int*, int);

    growing_array<value_node> nodes;
    growing_array<shape> shapes;
    growing_array<extent_constraint> constraints;
    growing_array<recurrence> recurrences;
    int scopes = 0;  ///< of lowering
    growing_array<int> table = growing_array<int>(256, -1);
    growing_array<int> fired;  ///< how often each rule of the table has fired, by its number
    rewriter rewrite = nullptr;
    int origin = -1;
    long visits = 0;  ///< node visits so far: the measure of compile time that CI gates
    int depth = 0;    ///< of rules that fire inside rules; a limit names the culprit

    constexpr graph() {
        nodes.reserve(512);
        shapes.reserve(32);
    }

    graph(const graph&) = delete;
    graph& operator=(const graph&) = delete;
    constexpr graph(graph&&) = default;
    constexpr graph& operator=(graph&&) = default;

    constexpr const value_node& operator[](int i) const { return first_node_[i]; }
    constexpr const shape& shape_of(int i) const { return first_shape_[first_node_[i].shape]; }
    constexpr int size() const { return static_cast<int>(nodes.size()); }

    constexpr int intern(const shape& s) {
        for (std::size_t i = 0; i < shapes.size(); ++i)
            if (shapes[i] == s) return static_cast<int>(i);
        shapes.push_back(s);
        first_shape_ = shapes.data();
        return static_cast<int>(shapes.size()) - 1;
    }

    /// The node of an op over operands, after the rules of the stage.
    constexpr int make(const op_info* op, const attributes& attr, const int* operands, int arity) {
        ++visits;
        if (rewrite) {
            const int other = rewrite(*this, op, attr, operands, arity);
            if (other >= 0) return other;
        }
        return insert(op, attr, operands, arity);
    }
    constexpr int make(const op_info* op, const attributes& attr, std::initializer_list<int> operands) {
        return make(op, attr, operands.begin(), static_cast<int>(operands.size()));
    }

    /// The node as it stands, without rules.
    constexpr int insert(const op_info* op, const attributes& attr, const int* operands, int arity, int known_shape = -1) {
        value_node n;
        n.op = op;
        n.attr = attr;
        n.arity = arity;
        n.origin = origin;
        n.digest = digest_of_application(op, attr, operands, arity);
        for (int i = 0; i < arity; ++i) n.operands[static_cast<std::size_t>(i)] = operands[i];
        if (op->kind == op_kind::leaf || op->kind == op_kind::movement) n.origin = -1;
        if (n.origin >= 0) n.digest = mix(n.digest, static_cast<std::uint64_t>(origin) + 77);
        if (known_shape >= 0) n.digest = mix(n.digest, digest_of(shapes[static_cast<std::size_t>(known_shape)]));

        const std::size_t limit = table.size() - 1;
        std::size_t slot = n.digest & limit;
        for (; table[slot] >= 0; slot = (slot + 1) & limit)
            if (first_node_[table[slot]].digest == n.digest) return table[slot];

        n.shape = known_shape >= 0 ? known_shape : inferred_shape(n);
        n.form = form_of(n);
        const int made = add(n, slot);
        if (2 * made > static_cast<int>(limit)) grow();
        return made;
    }

    /// A node of this graph, or of another with the same shapes, over other operands. No rules, no shape rule.
    constexpr int copy(const value_node& n, const small_array<int, max_arity>& operands, int its_shape) {
        ++visits;
        std::uint64_t digest = n.op->kind == op_kind::leaf ? n.digest : digest_of_application(n.op, n.attr, operands.data(), n.arity);
        if (n.op->kind == op_kind::movement) digest = mix(digest, digest_of(shapes[static_cast<std::size_t>(its_shape)]));
        const std::size_t limit = table.size() - 1;
        std::size_t slot = digest & limit;
        for (; table[slot] >= 0; slot = (slot + 1) & limit)
            if (first_node_[table[slot]].digest == digest) return table[slot];
        const int made = add(n, slot);
        value_node& changed = nodes[static_cast<std::size_t>(made)];
        changed.operands = operands;
        changed.shape = its_shape;
        changed.digest = digest;
        changed.form = form_of(changed);
        if (2 * made > static_cast<int>(limit)) grow();
        return made;
    }

    constexpr int number(double value) { return insert(&info<constant_op>, {.number = value}, nullptr, 0); }

    /// x with result axis i taken from axis source[i], or new where that is -1. Movements of movements are one movement.
    /// (A template so that the op's pullback, written with graph references, is known before its info is made.)
    template <class Movement = movement_op>
    constexpr int move(int x, axis_map source, const shape& result) {
        ++visits;
        if ((*this)[x].op->kind == op_kind::movement) {
            const value_node& inner = (*this)[x];
            for (int i = 0; i < result.rank; ++i) {
                std::int8_t& s = source[static_cast<std::size_t>(i)];
                if (s >= 0) s = inner.attr.source[static_cast<std::size_t>(s)];
            }
            x = inner.operands[0];
        }
        bool same = shape_of(x).rank == result.rank;
        for (int i = 0; same && i < result.rank; ++i) same = source[static_cast<std::size_t>(i)] == i;
        if (same) return x;
        for (int i = result.rank; i < max_rank; ++i) source[static_cast<std::size_t>(i)] = 0;
        return insert(&info<Movement>, {.source = source}, &x, 1, intern(result));
    }

    /// Completes marks of needed nodes by all that these are made from.
    constexpr void mark_sources(growing_array<char>& needed) const {
        const auto at = [](int i) { return static_cast<std::size_t>(i); };
        for (bool goes_on = true; goes_on;) {
            goes_on = false;
            for (int n = static_cast<int>(needed.size()) - 1; n >= 0; --n)
                if (needed[at(n)])
                    for (int k = 0; k < first_node_[n].arity; ++k) needed[at(operand(n, k))] = 1;
            for (const recurrence& r : recurrences) {
                if (!needed[at(r.carry)] || needed[at(r.next)]) continue;
                needed[at(r.next)] = 1;
                goes_on = true;
            }
        }
    }

    constexpr bool is(int i, const op_info* op) const { return first_node_[i].op == op; }
    constexpr bool is_number(int i) const { return is(i, &info<constant_op>); }
    constexpr bool is_number(int i, double value) const { return is_number(i) && (*this)[i].attr.number == value; }
    constexpr int operand(int i, int k) const { return first_node_[i].operands.items[k]; }
    /// The node that holds the data: what a movement looks at, any other node itself.
    constexpr int behind(int i) const { return first_node_[i].op->kind == op_kind::movement ? operand(i, 0) : i; }

    /// The shapes of another graph, under the same numbers.
    constexpr void take_shapes(const graph& from) {
        shapes = from.shapes;
        first_shape_ = shapes.data();
    }

private:
    // The vectors' elements: what is asked most should not cost the compiler another call.
    const value_node* first_node_ = nullptr;
    const shape* first_shape_ = nullptr;

    constexpr int add(const value_node& n, std::size_t slot) {
        const int made = size();
        table[slot] = made;
        nodes.push_back(n);
        first_node_ = nodes.data();
        return made;
    }
    constexpr std::uint64_t digest_of_application(const op_info* op, const attributes& attr, const int* operands, int arity) const {
        std::uint64_t digest = attr.plain() && op->kind != op_kind::movement ? op->digest : mix(op->digest, digest_of(attr));
        for (int i = 0; i < arity; ++i) digest = mix(digest, first_node_[operands[i]].digest);
        return digest;
    }
    constexpr std::uint64_t form_of(const value_node& n) const {
        if (n.op == &info<carry_op> || (n.op->kind == op_kind::leaf && n.attr.number == 0)) return mix(n.op->digest, digest_of(first_shape_[n.shape]));
        std::uint64_t form = n.attr.plain() || n.op->kind == op_kind::whole ? n.op->digest : mix(n.op->digest, digest_of(n.attr));
        for (int i = 0; i < n.arity; ++i) form = mix(form, first_node_[n.operands.items[i]].form);
        return form;
    }
    constexpr int inferred_shape(const value_node& n) {
        if (n.op->kind == op_kind::elementwise) {
            bool alike = n.arity > 0;
            for (int i = 1; i < n.arity; ++i) alike = alike && (*this)[n.operands[static_cast<std::size_t>(i)]].shape == (*this)[n.operands[0]].shape;
            if (alike) return (*this)[n.operands[0]].shape;
        }
        small_array<shape, max_arity> s{};
        for (int i = 0; i < n.arity; ++i) s[static_cast<std::size_t>(i)] = shape_of(n.operands[static_cast<std::size_t>(i)]);
        const shape_result result = n.op->shape_rule(n.attr, s.data(), n.arity);
        if (result.broken) throw "xgrad: a derived node has a broken shape";  // a defect of an op's pullback
        note_constraints(n, s);
        return intern(result.value);
    }

    constexpr void note_constraints(const value_node& n, const small_array<shape, max_arity>& s) {
        if (n.op->broadcasts) {
            for (int k = 1; k < n.arity; ++k) {
                const shape &a = s[0], &b = s[static_cast<std::size_t>(k)];
                for (int i = 1; i <= a.rank && i <= b.rank; ++i) note(a[a.rank - i], b[b.rank - i]);
            }
        } else if (n.op->kind == op_kind::contraction && n.arity == 2) {
            const shape &a = s[0], &b = s[1];
            if (n.op->name == "matmul") {
                note(a[a.rank - 1], b[b.rank - 2]);
            } else {
                for (int i = 0; i + 1 < a.rank; ++i) note(a[i], b[i]);
            }
        } else if (n.op->kind == op_kind::gather) {
            for (int i = 0; i < s[1].rank; ++i) note(s[0][i], s[1][i]);
        }
    }
    constexpr void note(const extent& a, const extent& b) {
        if (a == b || a.is_one() || b.is_one() || (!a.is_dynamic() && !b.is_dynamic())) return;
        const extent_constraint c{a, b};
        for (const extent_constraint& known : constraints)
            if (known == c) return;
        constraints.push_back(c);
    }

    constexpr void grow() {
        table = growing_array<int>(table.size() * 4, -1);
        for (int i = 0; i < size(); ++i) {
            std::size_t slot = (*this)[i].digest & (table.size() - 1);
            while (table[slot] >= 0) slot = (slot + 1) & (table.size() - 1);
            table[slot] = i;
        }
    }
};

}  // namespace xgrad
