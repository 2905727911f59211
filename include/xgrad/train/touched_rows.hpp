// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/graph/lower.hpp>
#include <xgrad/ops/all.hpp>

namespace xgrad {

/// Why a table's rows cannot be updated alone; `plan.refused` has it.
enum class rows_refused : int { not_at_all, other_gradient, whole_parameter, clipping_in_parts };

/// Tables of which a step updates the rows that its batch reads. An update formula is written for a table's rows as for a parameter: rows of the
/// table, of the gradient and of each state are arrays of their own, and what is made of them is written back over the table.
///
/// A table that is read by several lists of labels has a part for each: the rows of that list that no list before it has.
class touched_rows {
public:
    struct part {
        ast::ref table, rows;       ///< rows: which, as labels, -1 for none
        ast::ref values, gradient;  ///< of these rows
    };
    rows_refused refused = rows_refused::not_at_all;

    constexpr explicit touched_rows(graph& graph_) : g(graph_) {}

    /// The parts of a table with this gradient; none where it is not made of rows at labels alone.
    constexpr growing_array<part> parts_of(ast::ref table, ast::ref slope) {
        growing_array<reading> readings;
        growing_array<part> made;
        if (!take_apart(slope, slope, readings, false)) {
            refused = rows_refused::other_gradient;
            return made;
        }
        for (std::size_t i = 0; i < readings.size(); ++i) {
            bool is_first = true;
            for (std::size_t k = 0; k < i; ++k) is_first = is_first && readings[k].labels != readings[i].labels;
            if (!is_first) continue;
            ast::ref rows = ast::apply_with<touched_rows_op>({}, ast::ref{&g, readings[i].labels});
            for (const part& before : made) rows = ast::apply_with<rows_without_op>({}, rows, before.rows);
            ast::ref total{};
            for (const reading& r : readings) {
                const ast::ref added = ast::apply_with<add_at_rows_op>({}, rows, ast::ref{&g, r.labels}, r.rows);
                total = total.index < 0 ? added : total + added;
            }
            made.push_back({table, rows, held(table, rows), total});
        }
        return made;
    }
    /// Rows of a table or a state of it.
    constexpr ast::ref held(ast::ref array, ast::ref rows) {
        const ast::ref made = ast::apply_with<embedding_lookup_op>({.number = static_cast<double>(array.shape()[0].size)}, array, rows);
        held_.push_back(made.index);
        return made;
    }
    /// The array with other rows in their places.
    constexpr ast::ref replaced(ast::ref array, ast::ref rows, ast::ref values) { return ast::apply_with<set_rows_op>({}, array, rows, values.spread_to(held_shape(array, rows))); }

    /// Notes whether anything made of rows of a table or a state is not made element by element: a norm of rows is not that of the table.
    constexpr void check() {
        growing_array<char> of_rows(g.nodes.size(), 0);
        for (const int n : held_) of_rows[at(n)] = 1;
        for (int n = 0; n < g.size(); ++n) {
            bool reads = false;
            for (int k = 0; k < g[n].arity; ++k) reads = reads || of_rows[at(g.operand(n, k))];
            if (!reads || g.is(n, &info<set_rows_op>) || g[n].op->kind == op_kind::leaf) continue;  // leaves: places in a formula, that have the shape of rows
            if (g[n].op->kind != op_kind::elementwise) refused = rows_refused::whole_parameter;
            of_rows[at(n)] = 1;
        }
    }

private:
    graph& g;
    growing_array<int> held_{};

    /// Rows of a gradient, and the labels they belong to.
    struct reading {
        int labels;
        ast::ref rows;
    };
    static constexpr std::size_t at(int i) { return static_cast<std::size_t>(i); }
    constexpr shape held_shape(ast::ref array, ast::ref rows) const {
        shape s = rows.shape();
        s.push_back(array.shape()[1]);
        return s;
    }
    /// A gradient as rows at labels, each times `factor` where there is one; false if it is more than that.
    constexpr bool take_apart(ast::ref d, ast::ref factor, growing_array<reading>& to, bool scaled) const {
        auto operand = [&](int k) { return ast::ref{&g, g.operand(d.index, k)}; };
        const op_info* op = g[d.index].op;
        if (op == &info<add_at_labels_op>) {
            to.push_back({operand(1).index, scaled ? factor * operand(0) : operand(0)});
            return true;
        }
        if (op == &info<add_op>) return take_apart(operand(0), factor, to, scaled) && take_apart(operand(1), factor, to, scaled);
        if (op == &info<multiply_op>)
            for (int k = 0; k < 2; ++k)
                if (operand(k).shape().rank == 0) return take_apart(operand(1 - k), scaled ? factor * operand(k) : operand(k), to, true);
        return op->kind == op_kind::movement && operand(0).shape().rank == 0 && g.is_number(operand(0).index, 0);  // no gradient at all
    }
};

}  // namespace xgrad
