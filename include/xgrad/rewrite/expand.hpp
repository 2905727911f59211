// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/copy.hpp>
#include <xgrad/ops/matmul.hpp>
#include <xgrad/rewrite/rebuild.hpp>

namespace xgrad {

namespace detail {
/// pick(f(a, b), t) = f(pick(a, t), pick(b, t)) for an elementwise f: what is wanted of a row is computed once a row.
constexpr int pick_inside(graph& g, const attributes& attr, int x, int labels) {
    const value_node f = g[x];
    const shape full = g.shape_of(x);
    shape rows = full;
    --rows.rank;
    small_array<int, max_arity> picked{};
    for (int k = 0; k < f.arity; ++k) {
        const int operand = f.operands[static_cast<std::size_t>(k)];
        const shape s = g.shape_of(operand);
        int& p = picked[static_cast<std::size_t>(k)];
        if (s.rank == 0) {
            p = operand;
        } else if (s[s.rank - 1].is_one()) {
            axis_map source{};
            shape narrow = s;
            --narrow.rank;
            for (int i = 0; i < narrow.rank; ++i) source[static_cast<std::size_t>(i)] = static_cast<std::int8_t>(i);
            p = g.move(operand, source, narrow);
        } else {
            p = g.make(&info<pick_op>, attr, {ast::ref{&g, operand}.spread_to(full).index, labels});
        }
    }
    // A product keeps the order of its factors, so that the entry picked has the bits of the row's entry.
    const int made = f.op == &info<multiply_op> ? g.insert(f.op, f.attr, picked.data(), f.arity) : g.make(f.op, f.attr, picked.data(), f.arity);
    return ast::ref{&g, made}.spread_to(rows).index;
}

/// A product reads an operand through two strides: plain, or with its last two axes exchanged. Other views are copied first.
constexpr bool is_readable(const graph& g, int x) {
    if (g[x].op->kind != op_kind::movement) return g[x].op->kind != op_kind::leaf || g[x].attr.leaf != nullptr || g.shape_of(x).rank > 0;
    const int rank = g.shape_of(x).rank;
    if (g.shape_of(g.operand(x, 0)).rank != rank || rank < 2) return false;
    for (int i = 0; i < rank; ++i)
        if (g[x].attr.source[static_cast<std::size_t>(i)] != (i == rank - 1 ? rank - 2 : i == rank - 2 ? rank - 1 : i)) return false;
    return true;
}

/// Whether two of the operands are different views of one array, such as [N, C, 1] beside [N, 1, C].
constexpr bool has_two_views(const graph& g, const int* x, int arity) {
    for (int k = 1; k < arity; ++k)
        for (int j = 0; j < k; ++j)
            if (x[j] != x[k] && g.behind(x[j]) == g.behind(x[k]) && g.shape_of(g.behind(x[k])).rank > 0) return true;
    return false;
}
/// A kernel walks an operand in one way, so a second view is a copy's.
constexpr int with_copy(graph& g, const op_info* op, const attributes& attr, const int* operands, int arity) {
    small_array<int, max_arity> x{};
    for (int k = 0; k < arity; ++k) x[static_cast<std::size_t>(k)] = operands[k];
    for (int k = arity - 1; k > 0 && has_two_views(g, x.data(), arity); --k) {
        const auto at = static_cast<std::size_t>(g[x[static_cast<std::size_t>(k)]].op->kind == op_kind::movement ? k : 0);
        const int source = g.behind(x[at]), copied = g.insert(&info<copy_op>, {}, &source, 1);
        x[at] = g.move(copied, g[x[at]].attr.source, shape(g.shape_of(x[at])));
    }
    return g.insert(op, attr, x.data(), arity);
}

/// A product over one number, [M, 1] by [1, N]: nothing to add up, and elementwise work fuses with its neighbours.
constexpr bool is_outer_product(const graph& g, const op_info* op, const int* operands) {
    if (op != &info<matmul_op>) return false;
    const shape &a = g.shape_of(operands[0]), &b = g.shape_of(operands[1]);
    return a[a.rank - 1].is_one() && b[b.rank - 2].is_one();
}

template <bool Apart>
constexpr int expand_node(graph& g, const op_info* op, const attributes& attr, const int* operands, int arity) {
    if (op->kind == op_kind::composite) {
        ++g.visits;
        return op->expand(g, g.insert(op, attr, operands, arity));
    }
    if (op == &info<pick_op> && g[operands[0]].op->kind == op_kind::elementwise && (!Apart || g[operands[0]].origin == g.origin))
        return pick_inside(g, attr, operands[0], operands[1]);
    if (is_outer_product(g, op, operands)) return expand_node<Apart>(g, &info<multiply_op>, {}, operands, arity);
    if (op->kind == op_kind::contraction || op->kind == op_kind::whole) {
        small_array<int, max_arity> readable{};
        for (int k = 0; k < arity; ++k) {
            int& x = readable[static_cast<std::size_t>(k)];
            x = operands[k];
            if (op->kind == op_kind::whole ? g[x].op->kind == op_kind::movement : !is_readable(g, x)) x = g.insert(&info<copy_op>, {}, &x, 1);
        }
        return rewrite_node<false, false>(g, op, attr, readable.data(), arity);
    }
    if (op->kind == op_kind::elementwise && has_two_views(g, operands, arity)) return with_copy(g, op, attr, operands, arity);
    return rewrite_node<false, false>(g, op, attr, operands, arity);
}

/// What this stage has no work with.
constexpr bool stays_closed(const graph& g, const value_node& n) {
    switch (n.op->kind) {
        case op_kind::elementwise: return n.arity < 2 || !has_two_views(g, n.operands.data(), n.arity);
        case op_kind::composite:
        case op_kind::barrier:
        case op_kind::contraction:
        case op_kind::whole:
        case op_kind::gather: return false;
        default: return true;
    }
}
/// The normal form puts factors and terms in its order, and so may bring two views together that were apart.
constexpr bool reads_two_views(const graph& g, const value_node& n) { return n.op->kind == op_kind::elementwise && n.arity > 1 && has_two_views(g, n.operands.data(), n.arity); }
constexpr int copy_second_view(graph& g, const op_info* op, const attributes& attr, const int* operands, int arity) {
    return op->kind == op_kind::elementwise && has_two_views(g, operands, arity) ? with_copy(g, op, attr, operands, arity) : -1;
}
}  // namespace detail

/// The last graph before planning: composites opened into elementwise ops, reductions and the like, so that siblings share
/// their inner work (softplus(z), softplus(-z) and sigmoid(z) have one exp(-|z|)). `apart` keeps every op's work to itself.
constexpr graph expand(const graph& from, growing_array<int>& roots, bool apart) {
    graph opened = rebuild(from, roots, apart ? &detail::expand_node<true> : &detail::expand_node<false>, &detail::stays_closed, apart);
    for (const value_node& n : opened.nodes)
        if (detail::reads_two_views(opened, n)) {
            constexpr auto stays = [](const graph& g, const value_node& node) { return !detail::reads_two_views(g, node); };
            return rebuild(opened, roots, &detail::copy_second_view, stays, apart);
        }
    return opened;
}

}  // namespace xgrad
