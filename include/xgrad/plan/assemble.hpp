// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/plan/grouping.hpp>
#include <xgrad/plan/kept.hpp>

namespace xgrad {

/// From a group to a body: registers, passes over the columns, what is kept between passes, stores.
class assembler {
public:
    const graph& g;
    const group& in;
    assembled out{};

    /// `registers` is scratch of one entry a node, -1 between groups.
    constexpr assembler(const graph& graph_, const group& group_, growing_array<int>& registers) : g(graph_), in(group_), registers_(registers) {
        out.code.reserve(group_.known.size() + 8);
        out.column_axes = in.column_axes ? in.column_axes : (in.space.rank ? 1 : 0);
    }

    /// `stored` tells which nodes computed here must be in memory, under which node number they are stored.
    constexpr assembled run(const growing_array<std::pair<int, int>>& stored) {
        for (const placed& p : in.known) registers_[at(p.node)] = p.computed ? value(p) : load(p.node, p.axes);
        for (const auto& [node, as] : stored) emit_store(*in.find(node), as);
        for (const placed& p : in.known) registers_[at(p.node)] = -1;
        out.across = has_short_rows();
        put_in_order();
        join_axes();
        kept_values(g, in, out).find();
        return std::move(out);
    }

private:
    growing_array<int>& registers_;
    static constexpr std::size_t at(int i) { return static_cast<std::size_t>(i); }
    constexpr std::uint32_t column_mask() const { return ((1u << out.column_axes) - 1) << (in.space.rank - out.column_axes); }

    constexpr int add_access(int node, const axis_map& axes) {
        operand_view made;
        made.node = node;
        for (int i = 0; i < g.shape_of(node).rank; ++i)
            if (axes[at(i)] >= 0 && !g.shape_of(node)[i].is_one()) made.axes[at(axes[at(i)])] = static_cast<std::int8_t>(i);
        for (std::size_t i = 0; i < out.accesses.size(); ++i)
            if (out.accesses[i].node == node && out.accesses[i].axes == made.axes) return static_cast<int>(i);
        out.accesses.push_back(made);
        return static_cast<int>(out.accesses.size()) - 1;
    }
    constexpr stepping step_of(int access_index) const {
        const operand_view& a = out.accesses[at(access_index)];
        bool varies = false;
        for (int p = 0; p < in.space.rank; ++p) varies = varies || ((column_mask() >> p & 1u) && a.axes[at(p)] >= 0);
        if (!varies) return stepping::fixed;
        const shape& s = g.shape_of(a.node);
        int innermost = s.rank - 1;
        while (innermost > 0 && s[innermost].is_one()) --innermost;
        return a.axes[at(in.space.rank - 1)] == innermost ? stepping::contiguous : stepping::strided;
    }

    constexpr int load(int node, const axis_map& axes) {
        instruction i{};
        i.what = is_scalar(g, node) ? opcode::scalar : opcode::load;
        i.access = static_cast<std::uint8_t>(add_access(node, axes));
        i.step = step_of(i.access);
        i.per_row = i.step == stepping::fixed;
        return out.push(i);
    }
    constexpr int register_of(int node) {
        if (g.is_number(node)) return out.number(g[node].attr.number);
        if (registers_[at(node)] < 0) throw "xgrad: a planned kernel uses a value that nobody provides";
        return registers_[at(node)];
    }
    constexpr int reduce(const op_info* op, int a) {
        instruction i{};
        i.what = opcode::reduce;
        i.op = op->digest;
        i.a = static_cast<std::uint8_t>(a);
        i.phase = static_cast<std::uint8_t>(out.ready(a));
        i.per_row = true;
        return out.push(i);
    }
    constexpr int source(int n, int k) const { return g.behind(g.operand(n, k)); }

    constexpr int value(const placed& p) {
        const value_node& n = g[p.node];
        if (p.node == in.contraction) {
            instruction i{};
            i.what = opcode::tile;
            i.per_row = in.space.rank == 0;  // one element, without columns to walk
            i.step = i.per_row ? stepping::fixed : stepping::contiguous;
            return out.push(i);
        }
        switch (n.op->kind) {
            case op_kind::generate: return index(register_of(source(p.node, 0)));
            case op_kind::gather: return pick(p);
            case op_kind::reduction: return p.late ? -1 : reduce(n.op, register_of(source(p.node, 0)));
            default: return elementwise_value(p.node);
        }
    }
    constexpr int index(int labels) {
        instruction i{};
        i.what = opcode::index;
        i.a = static_cast<std::uint8_t>(labels);
        i.phase = static_cast<std::uint8_t>(out.ready(labels));
        i.step = stepping::contiguous;
        return out.push(i);
    }
    constexpr int pick(const placed& p) {
        const int labels = register_of(source(p.node, 1));
        const placed* x = in.find(source(p.node, 0));
        const operand_view v = view_of(g, p.node, 0);
        if (x && x->computed) {
            const int hit = index(labels);
            return reduce(&info<sum_op>, out.apply(&info<select_op>, hit, register_of(v.node), out.number(0)));
        }
        instruction i{};
        i.what = opcode::gather;
        i.access = static_cast<std::uint8_t>(add_access(v.node, places_of(g, p.node, v, p.work)));
        i.a = static_cast<std::uint8_t>(labels);
        i.phase = static_cast<std::uint8_t>(out.ready(labels));
        i.per_row = true;
        return out.push(i);
    }
    constexpr int elementwise_value(int n) {
        const value_node& v = g[n];
        if (v.op == &info<multiply_op> && g.is_number(v.operands[0], -1)) return out.apply(&info<negate_op>, register_of(source(n, 1)));
        if (v.op == &info<add_op>) {
            for (int k = 0; k < 2; ++k) {
                const int negated = g.operand(n, k);
                if (!g.is(negated, &info<multiply_op>) || !g.is_number(g.operand(negated, 0), -1)) continue;
                const int inner = g.operand(negated, 1);
                if (registers_[at(inner)] >= 0 && registers_[at(negated)] >= 0) return out.apply(&info<subtract_op>, register_of(source(n, 1 - k)), registers_[at(inner)]);
            }
        }
        small_array<int, max_arity> x{};
        for (int k = 0; k < v.arity; ++k) x[at(k)] = register_of(source(n, k));
        if (v.op == &info<multiply_op>)
            if (const int chosen = product_with_choice(x[0], x[1]); chosen >= 0) return chosen;
        return out.apply(v.op, x[0], v.arity > 1 ? x[1] : x[0], v.arity > 2 ? x[2] : x[0]);
    }

    /// Rows of few columns fill no vector; if there is work once a row too, many of them side by side do.
    constexpr bool has_short_rows() const {
        if (in.contraction >= 0 || out.column_axes != 1 || in.space.rank < 2) return false;
        const extent& columns = in.space[in.space.rank - 1];
        if (columns.is_dynamic() || columns.size > short_row) return false;
        for (const instruction& i : out.code)
            if (i.looks_along_row()) return true;
        return false;
    }
    /// As many instructions for a row's label as a row has vectors pay where each spares one a vector.
    constexpr std::size_t most_at_label() const {
        const extent& columns = in.space[in.space.rank - 1];
        return columns.is_dynamic() ? 32 : std::min<std::size_t>(32, static_cast<std::size_t>(columns.size) / 16);
    }
    constexpr int product_with_choice(int factor, int x) {
        if (!out.row(factor) || !out.adds_choice_by_label(x)) return -1;
        return out.is_choice_by_label(x) || out.takes_factor(x) ? out.scaled(factor, x) : -1;
    }

    constexpr void emit_store(const placed& p, int as) {
        store s{};
        s.access = static_cast<std::uint8_t>(add_access(as, p.axes));
        s.step = step_of(s.access);
        if (p.late) {
            s.op = g[p.node].op->digest;
            s.how = s.step != stepping::fixed ? storing::add_element : p.axes != no_axes || !is_scalar(g, as) ? storing::add_row : storing::total;
            s.from = static_cast<std::uint8_t>(summand(p));
        } else {
            s.how = is_scalar(g, as) ? storing::scalar : s.step == stepping::fixed ? storing::row : storing::element;
            s.from = static_cast<std::uint8_t>(register_of(p.node));
            if (s.how == storing::element && in.contraction < 0 && !has_short_rows()) s.from = static_cast<std::uint8_t>(out.with_label_apart(s.from, most_at_label()));
        }
        out.stores.push_back(s);
    }
    /// What a late reduction combines: its operand, or that reduced over the columns.
    constexpr int summand(const placed& p) {
        const int value = register_of(source(p.node, 0));
        return reduced_axes(g, p.node, p.work) & column_mask() ? reduce(g[p.node].op, value) : value;
    }

    static constexpr bool has_operands(const instruction& i) { return i.what == opcode::apply || i.looks_along_row(); }
    /// What the stores need, in the order in which they need it: equal work is one body, however it was written.
    constexpr void put_in_order() {
        constexpr int not_placed = 255;
        growing_array<std::uint8_t> place(out.code.size(), not_placed), access_place(out.accesses.size(), not_placed);
        growing_array<instruction> code;
        growing_array<operand_view> accesses;
        growing_array<int> waiting;
        auto renumber = [&](std::uint8_t& access) {
            if (access_place[access] == not_placed) {
                access_place[access] = static_cast<std::uint8_t>(accesses.size());
                accesses.push_back(out.accesses[access]);
            }
            access = access_place[access];
        };
        code.reserve(out.code.size());
        for (store& s : out.stores) {
            waiting.push_back(s.from);
            while (!waiting.empty()) {
                const int k = waiting.back();
                const instruction& i = out.code[at(k)];
                const std::size_t before = waiting.size();
                if (place[at(k)] == not_placed && has_operands(i))
                    for (int operand : {i.c, i.b, i.a})
                        if (place[at(operand)] == not_placed && (operand == i.a || i.what == opcode::apply)) waiting.push_back(operand);
                if (waiting.size() > before) continue;
                waiting.pop_back();
                if (place[at(k)] != not_placed) continue;
                place[at(k)] = static_cast<std::uint8_t>(code.size());
                code.push_back(i);
                instruction& made = code.back();
                if (has_operands(made)) made.a = place[made.a];
                if (made.what == opcode::apply) {
                    made.b = place[made.b];
                    made.c = place[made.c];
                }
                if (made.reads_memory()) renumber(made.access);
            }
            s.from = place[s.from];
            renumber(s.access);
        }
        out.code = code;
        out.accesses = accesses;
    }

    /// Neighbouring axes that every operand has side by side, or not at all, are one axis. Without row reductions the whole
    /// space may become one row.
    constexpr void join_axes() {
        const int rank = in.space.rank;
        bool combines = false, looks_along_row = false;
        for (const store& s : out.stores) combines = combines || s.combines();
        for (const instruction& i : out.code) looks_along_row = looks_along_row || i.looks_along_row();
        const auto only_ones_between = [&](int node, int first, int last) {
            for (int i = first + 1; i < last; ++i)
                if (!g.shape_of(node)[i].is_one()) return false;
            return true;
        };
        for (int p = rank - 2; p >= 0; --p) {
            const bool border = p + 1 == rank - out.column_axes;
            if (border && (in.reduces_rows || looks_along_row || combines || in.contraction >= 0)) continue;
            bool together = true;
            for (const operand_view& a : out.accesses) {
                const std::int8_t x = a.axes[at(p)], y = a.axes[at(p + 1)];
                together = together && ((x < 0 && y < 0) || (x >= 0 && y > x && only_ones_between(a.node, x, y)));
            }
            if (!together) continue;
            out.joined = static_cast<std::uint8_t>(out.joined | 1u << p);
            if (border) out.column_axes = out.column_axes + 1;
        }
        for (int p = rank - out.column_axes; p + 1 < rank; ++p)
            if (!(out.joined >> p & 1u)) throw "xgrad: a reduction over several axes has an operand that varies along only some of them; copy it first";
        // With the whole space in one row an operand may have become fixed or contiguous only now.
        for (instruction& i : out.code)
            if (i.what == opcode::load) i.step = step_of(i.access);
        for (store& s : out.stores)
            if (s.how == storing::element) s.step = step_of(s.access);
    }
};

}  // namespace xgrad
