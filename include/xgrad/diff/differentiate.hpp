// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/diff/recurrences.hpp>
#include <xgrad/ops/all.hpp>

namespace xgrad {

/// One reverse sweep: the cotangent of every node that a scalar loss depends on, -1 where there is none.
constexpr growing_array<int> reverse_sweep(graph& g, int loss) {
    reversed_loops loops(g, loss);
    growing_array<int> cotangents(static_cast<std::size_t>(loops.last) + 1, -1);
    cotangents[static_cast<std::size_t>(loss)] = g.number(1);
    for (int n = loops.last; n >= 0; --n) {
        ++g.visits;
        loops.visit(n, cotangents);
        int bar = cotangents[static_cast<std::size_t>(n)];
        const value_node node = g[n];
        if (bar < 0 || node.arity == 0 || node.op->kind == op_kind::leaf) continue;
        const shape result = g.shape_of(n);
        if (node.op->kind != op_kind::elementwise) bar = ast::ref{&g, bar}.spread_to(result).index;
        small_array<int, max_arity> terms{};
        node.op->pullback(g, n, bar, terms.data());
        for (int k = 0; k < node.arity; ++k) {
            const int operand = node.operands[static_cast<std::size_t>(k)];
            int term = terms[static_cast<std::size_t>(k)];
            if (g.is_number(term, 0)) continue;
            if (node.op->broadcasts) {
                const shape wanted = g.shape_of(operand);
                if (!(wanted == result)) {
                    // Broadcast by the op, so summed by its derivative: the extra axes in front, and those of extent 1.
                    std::uint32_t repeated = 0;
                    for (int i = 0; i < result.rank; ++i) {
                        const int axis = i - (result.rank - wanted.rank);
                        if (axis < 0 || (wanted[axis].is_one() && !result[i].is_one())) repeated |= 1u << i;
                    }
                    ast::ref summed = ast::ref{&g, term}.spread_to(result).sum(repeated);
                    std::uint32_t single = 0;
                    for (int axis = 0; axis < wanted.rank; ++axis)
                        if (repeated >> (axis + result.rank - wanted.rank) & 1u) single |= 1u << axis;
                    if (single) summed = summed.insert_axes(single, ast::ref{&g, operand});
                    term = summed.index;
                }
            }
            int& total = cotangents[static_cast<std::size_t>(operand)];
            total = total < 0 ? term : (ast::ref{&g, total} + ast::ref{&g, term}).index;
        }
    }
    return cotangents;
}

/// The forward sweep: the tangent of `result` when `x` moves by `t`; the number 0 where it does not depend on x.
constexpr int forward_sweep(graph& g, int result, int x, int t) {
    moving_loops loops(g, result, x);
    growing_array<int> tangents(static_cast<std::size_t>(loops.last) + 1, -1);
    if (x > loops.last) return g.number(0);
    tangents[static_cast<std::size_t>(x)] = t;
    for (int n = loops.empty() ? x + 1 : 0; n <= loops.last; ++n) {
        ++g.visits;
        if (loops.visit(n, tangents) || n == x) continue;
        const value_node node = g[n];
        small_array<int, max_arity> given{};
        bool moves = false;
        for (int k = 0; k < node.arity; ++k) {
            given[static_cast<std::size_t>(k)] = tangents[static_cast<std::size_t>(node.operands[static_cast<std::size_t>(k)])];
            moves = moves || given[static_cast<std::size_t>(k)] >= 0;
        }
        if (!moves) continue;
        int tangent = node.op->tangent(g, n, given.data());
        if (g.is_number(tangent, 0)) continue;
        tangents[static_cast<std::size_t>(n)] = ast::ref{&g, tangent}.spread_to(g.shape_of(n)).index;
    }
    loops.close(tangents);
    const int tangent = tangents[static_cast<std::size_t>(result)];
    return tangent < 0 ? g.number(0) : tangent;
}

namespace detail {
/// The operand of a derivative record with x held as a leaf: rules may not look inside what is differentiated by.
constexpr int lower_pinned(lowering& outer, const record* what, const record* x, int& pin) {
    const int lowered = outer.lower(x);
    if (x->op->kind == op_kind::leaf) {
        pin = lowered;
        return outer.lower(what);
    }
    lowering inner{outer.g, outer.derive};
    pin = outer.g.insert(&info<pinned_op>, {}, &lowered, 1);
    inner.training = outer.training;
    inner.scope = ++outer.g.scopes;
    inner.hold(x->digest, pin);
    const int result = inner.lower(what);
    if (inner.clash) outer.clash = inner.clash;
    return result;
}
}  // namespace detail

/// The gradient of a loss by a node, from the sweep of that loss.
constexpr int gradient_node(lowering& l, int loss, int x) {
    const growing_array<int>* cotangents = nullptr;
    for (const lowering::sweep& made : l.sweeps)
        if (made.loss == loss) cotangents = &made.cotangents;
    if (!cotangents) {
        l.sweeps.push_back({loss, reverse_sweep(l.g, loss)});
        cotangents = &l.sweeps.back().cotangents;
    }
    const int bar = x < static_cast<int>(cotangents->size()) ? (*cotangents)[static_cast<std::size_t>(x)] : -1;
    const shape wanted = l.g.shape_of(x);
    return ast::ref{&l.g, bar < 0 ? l.g.number(0) : bar}.spread_to(wanted).index;
}

/// lowering::derive: a derivative record as nodes.
constexpr int derive_record(lowering& l, const record& r) {
    int x = -1;
    const int result = detail::lower_pinned(l, r.operands[0], r.operands[1], x);
    if (r.op == &info<gradient_op>) return gradient_node(l, result, x);
    const shape wanted = l.g.shape_of(result);
    const int tangent = forward_sweep(l.g, result, x, l.lower(r.operands[2]));
    return ast::ref{&l.g, tangent}.spread_to(wanted).index;
}

}  // namespace xgrad
