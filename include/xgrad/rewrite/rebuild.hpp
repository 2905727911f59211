// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/copy.hpp>
#include <xgrad/ops/scan.hpp>
#include <xgrad/rewrite/normal.hpp>

namespace xgrad {

/// What a loop begins with: an array or a number that is computed, or zeros.
constexpr bool begins_as_it_is(const graph& g, int initial) {
    const int source = g.behind(initial);
    return g.is_number(source, 0) || (source == initial && !g.is_number(initial) && !g.is(initial, &info<carry_op>));
}

/// What of a graph the roots need, copied through the rules of a stage; `roots` are renumbered.
/// Barriers of differentiation end here. With `apart`, new nodes remember which old node they stem from.
///
/// `keeps(graph, node)` says that the stage leaves such a node as it is. If its operands are still what they were (the same ops), it is
/// copied without asking the rules: they had their say when it was made.
template <class Keeps>
constexpr graph rebuild(const graph& from, growing_array<int>& roots, graph::rewriter rules, Keeps keeps, bool apart = false) {
    growing_array<char> needed(from.nodes.size(), 0);
    for (int root : roots) needed[static_cast<std::size_t>(root)] = 1;
    from.mark_sources(needed);
    graph to;
    to.rewrite = rules;
    to.take_shapes(from);
    to.fired = from.fired;
    to.constraints = from.constraints;
    to.visits = from.visits;
    growing_array<int> image(from.nodes.size(), -1);
    growing_array<char> same(from.nodes.size(), 0);  // the image is of the same op
    for (int i = 0; i < from.size(); ++i) {
        if (!needed[static_cast<std::size_t>(i)]) continue;
        const value_node& n = from[i];
        small_array<int, max_arity> x{};
        bool unchanged = (!apart && keeps(from, n)) || n.op == &info<carry_op> || n.arity == 0;  // (a leaf's shape need not be said by its attributes)
        for (int k = 0; k < n.arity; ++k) {
            const auto operand = static_cast<std::size_t>(n.operands[static_cast<std::size_t>(k)]);
            x[static_cast<std::size_t>(k)] = image[operand];
            unchanged = unchanged && (same[operand] || n.op == &info<carry_op>);
        }
        int& made = image[static_cast<std::size_t>(i)];
        if (n.op == &info<carry_op> && n.arity > 0 && !begins_as_it_is(to, x[0])) x[0] = to.insert(&info<copy_op>, {}, x.data(), 1);
        if (unchanged) {
            made = to.copy(n, x, n.shape);
            same[static_cast<std::size_t>(i)] = 1;
            continue;
        }
        if (apart) to.origin = n.origin >= 0 ? from.size() + n.origin : i;
        if (n.op->kind == op_kind::barrier) {
            made = x[0];
        } else if (n.op->kind == op_kind::movement) {
            made = to.move(x[0], n.attr.source, from.shape_of(i));
        } else {
            made = to.make(n.op, n.attr, x.data(), n.arity);
        }
        same[static_cast<std::size_t>(i)] = to[made].op == n.op;
    }
    for (const recurrence& r : from.recurrences)
        if (needed[static_cast<std::size_t>(r.carry)])
            to.recurrences.push_back({image[static_cast<std::size_t>(r.carry)], image[static_cast<std::size_t>(r.next)], r.backwards, r.inside,
                                      r.cotangent_of >= 0 && needed[static_cast<std::size_t>(r.cotangent_of)] ? image[static_cast<std::size_t>(r.cotangent_of)] : -1});
    for (int& root : roots) root = image[static_cast<std::size_t>(root)];
    return to;
}
constexpr graph rebuild(const graph& from, growing_array<int>& roots, graph::rewriter rules) {
    return rebuild(from, roots, rules, [](const graph&, const value_node&) { return false; });
}

}  // namespace xgrad
