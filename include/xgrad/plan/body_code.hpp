// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/graph/ref.hpp>
#include <xgrad/plan/body.hpp>

#include <algorithm>
#include <utility>

namespace xgrad {

/// A kernel's instructions while they are written. Where an instruction needs no pass of its own follows from its operands.
struct body_code {
    growing_array<instruction> code{};

    /// The first pass over the columns in which a register can be read.
    constexpr int ready(int reg) const { return code[at(reg)].ready(); }

    constexpr bool row(int reg) const { return code[at(reg)].per_row; }

    constexpr int push(const instruction& i) {
        // Nodes are hash-consed; only what stands for no node of its own can come twice.
        if (i.what == opcode::constant || i.what == opcode::index)
            for (std::size_t k = 0; k < code.size(); ++k)
                if (code[k] == i) return static_cast<int>(k);
        if (code.size() > 254) throw "xgrad: a kernel has more than 254 instructions, whose registers a byte cannot number";
        code.push_back(i);
        return static_cast<int>(code.size()) - 1;
    }
    constexpr int number(double value) {
        instruction i{};
        i.what = opcode::constant;
        i.number = value;
        i.per_row = true;
        return push(i);
    }
    constexpr int apply(const op_info* op, int a, int b, int c) {
        instruction i{};
        i.what = opcode::apply;
        i.op = op->digest;
        i.a = static_cast<std::uint8_t>(a);
        i.b = static_cast<std::uint8_t>(b);
        i.c = static_cast<std::uint8_t>(c);
        i.mask = op->range == domain::boolean;
        const int first = ready(a), second = ready(b), third = ready(c);
        i.phase = static_cast<std::uint8_t>(first > second ? (first > third ? first : third) : (second > third ? second : third));
        i.per_row = row(a) && row(b) && row(c);
        return push(i);
    }
    constexpr int apply(const op_info* op, int a) { return apply(op, a, a, a); }
    constexpr int apply(const op_info* op, int a, int b) { return apply(op, a, b, a); }
    constexpr bool is_multiple(int x) const {
        const instruction& i = code[at(x)];
        return i.what == opcode::apply && i.op == info<multiply_op>.digest && row(i.a) && !row(i.b);
    }
    /// A choice by label whose label has a value of the row.
    constexpr bool is_choice_by_label(int x) const {
        const instruction& i = code[at(x)];
        return i.what == opcode::apply && i.op == info<select_op>.digest && code[i.a].what == opcode::index && row(i.b);
    }
    /// One of those, or a sum with one; of sums in sums so many.
    static constexpr int sums_in_sums = 4;
    constexpr bool adds_choice_by_label(int x, int most = sums_in_sums) const {
        const instruction& i = code[at(x)];
        if (is_choice_by_label(x)) return true;
        if (most == 0 || i.what != opcode::apply || i.op != info<add_op>.digest || i.per_row) return false;
        return adds_choice_by_label(i.a, most - 1) || adds_choice_by_label(i.b, most - 1);
    }
    /// A multiple, a choice between a number of the row and one, or a sum of such: a factor of the row can be multiplied into what they have of the row.
    constexpr bool takes_factor(int x, int most = sums_in_sums) const {
        const instruction& i = code[at(x)];
        if (is_choice_by_label(x)) return row(i.c) || (most > 0 && takes_factor(i.c, most - 1));
        if (is_multiple(x)) return true;
        return most > 0 && i.what == opcode::apply && i.op == info<add_op>.digest && !i.per_row && takes_factor(i.a, most - 1) && takes_factor(i.b, most - 1);
    }
    /// A factor of the row times x: into the branches of a choice by label, onto the row's part of a product or of a sum of products.
    constexpr int scaled(int factor, int x) {
        const instruction i = code[at(x)];
        if (is_choice_by_label(x)) return apply(&info<select_op>, i.a, scaled(factor, i.b), scaled(factor, i.c));
        if (is_multiple(x)) return apply(&info<multiply_op>, apply(&info<multiply_op>, factor, i.a), i.b);
        if (!row(x) && takes_factor(x)) return apply(&info<add_op>, scaled(factor, i.a), scaled(factor, i.b));
        return apply(&info<multiply_op>, factor, x);
    }

    /// Of a long row's element the label's column is worked out once a row and the others without a look at the label: f(select(is label, h, x), y)
    /// = select(is label, f(h, y at the label), f(x, y)), where nothing but operands in memory is needed of the label's column, and no
    /// more than `most` instructions for it.
    constexpr int with_label_apart(int value, std::size_t most) {
        const std::size_t before = code.size();
        if (row(value) || before > most_before) return value;
        const int hit = label_in(value);
        if (hit < 0 || (is_choice(value, hit) && row(code[at(value)].b))) return value;
        growing_array<int> there(before, unknown), others(before, unknown);
        const int picked = at_label(value, hit, there);
        if (picked < 0 || code.size() > before + most) return value;
        const int rest = elsewhere(value, hit, others);
        return apply(&info<select_op>, hit, picked, rest);
    }

private:
    static constexpr std::size_t at(int i) { return static_cast<std::size_t>(i); }
    static constexpr std::size_t most_before = 120;  ///< registers are numbered in a byte
    static constexpr int unknown = -2;
    constexpr bool is_choice(int x, int hit) const {
        const instruction& i = code[at(x)];
        return i.what == opcode::apply && i.op == info<select_op>.digest && i.a == hit;
    }
    /// The one index by which a value chooses, -1 where there is none or the index serves otherwise.
    constexpr int label_in(int value) const {
        growing_array<char> needed(code.size(), 0);
        needed[at(value)] = 1;
        int found = -1;
        for (int k = value; k >= 0; --k) {
            const instruction& i = code[at(k)];
            if (!needed[at(k)] || i.per_row || i.what != opcode::apply) continue;
            const bool choice = i.op == info<select_op>.digest && code[i.a].what == opcode::index;
            if (choice && found >= 0 && found != i.a) return -1;
            if (choice) found = i.a;
            for (int operand : {i.a, i.b, i.c}) {
                if (code[at(operand)].what == opcode::index && !(choice && operand == i.a)) return -1;
                needed[at(operand)] = 1;
            }
        }
        return found;
    }
    /// An instruction that may be there already.
    constexpr int push_once(const instruction& i) {
        for (std::size_t k = 0; k < code.size(); ++k)
            if (code[k] == i) return static_cast<int>(k);
        return push(i);
    }
    constexpr int applied_again(const instruction& of, int a, int b, int c) {
        instruction i = of;
        i.a = static_cast<std::uint8_t>(a);
        i.b = static_cast<std::uint8_t>(b);
        i.c = static_cast<std::uint8_t>(c);
        i.per_row = row(a) && row(b) && row(c);
        i.phase = static_cast<std::uint8_t>(std::max(ready(a), std::max(ready(b), ready(c))));
        return push_once(i);
    }
    /// A value at the label's column, once a row; -1 where that is not to be had.
    constexpr int at_label(int x, int hit, growing_array<int>& known) {
        if (row(x)) return x;
        if (known[at(x)] == unknown) known[at(x)] = found_at_label(x, hit, known);
        return known[at(x)];
    }
    constexpr int found_at_label(int x, int hit, growing_array<int>& known) {
        const instruction i = code[at(x)];
        if (is_choice(x, hit)) return at_label(i.b, hit, known);
        if (i.what == opcode::load) {
            instruction picked{};
            picked.what = opcode::gather;
            picked.access = i.access;
            picked.a = code[at(hit)].a;
            picked.phase = static_cast<std::uint8_t>(ready(picked.a));
            picked.per_row = true;
            return push_once(picked);
        }
        if (i.what != opcode::apply) return -1;
        const int a = at_label(i.a, hit, known), b = at_label(i.b, hit, known), c = at_label(i.c, hit, known);
        return a < 0 || b < 0 || c < 0 ? -1 : applied_again(i, a, b, c);
    }
    /// A value of the other columns.
    constexpr int elsewhere(int x, int hit, growing_array<int>& known) {
        if (row(x) || code[at(x)].what != opcode::apply) return x;
        if (known[at(x)] == unknown) known[at(x)] = found_elsewhere(x, hit, known);
        return known[at(x)];
    }
    constexpr int found_elsewhere(int x, int hit, growing_array<int>& known) {
        const instruction i = code[at(x)];
        if (is_choice(x, hit)) return elsewhere(i.c, hit, known);
        const int a = elsewhere(i.a, hit, known), b = elsewhere(i.b, hit, known), c = elsewhere(i.c, hit, known);
        if (a == i.a && b == i.b && c == i.c) return x;
        if (i.op == info<add_op>.digest)
            if (const int gathered = multiple_added(a, b); gathered >= 0) return gathered;
        if (i.op == info<multiply_op>.digest && row(a)) return scaled(a, b);
        return applied_again(i, a, b, c);
    }
    /// c x + ... + k x = (c + k) x + ..., c and k of the row; -1 where b takes up no term of a.
    constexpr int multiple_added(int a, int b) {
        if (!is_multiple(b)) return -1;
        const instruction in_a = code[at(a)], term = code[at(b)];
        if (is_multiple(a) && in_a.b == term.b) return apply(&info<multiply_op>, apply(&info<add_op>, in_a.a, term.a), term.b);
        if (in_a.what != opcode::apply || in_a.op != info<add_op>.digest || in_a.per_row) return -1;
        for (const auto& [here, other] : {std::pair{in_a.a, in_a.b}, std::pair{in_a.b, in_a.a}})
            if (const int inside = multiple_added(here, b); inside >= 0) return apply(&info<add_op>, other, inside);
        return -1;
    }
};

}  // namespace xgrad
