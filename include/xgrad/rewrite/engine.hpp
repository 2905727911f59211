// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/rewrite/refinement.hpp>
#include <xgrad/rewrite/stable.hpp>

namespace xgrad {

/// Every row of the library, in order; graph::fired counts by this order.
inline constexpr auto rewrite_rules = detail::joined(pattern::stable_table, pattern::refinement_table);

/// Matches rows against nodes. Differences and negations are looked for in the normal form, where a - b is a + (-1) b.
class matcher {
public:
    static constexpr int axes_slot = 4, number_slot = 5;
    graph& g;
    std::array<int, 6> bound{-1, -1, -1, -1, -1, -1};

    constexpr bool match(const record* p, int node) {
        ++g.visits;
        const auto at = [](int i) { return static_cast<std::size_t>(i); };
        if (p->op == &info<wildcard_op>) {
            int& slot = bound[at(static_cast<int>(p->attr.number))];
            if (slot < 0) slot = node;
            return slot == node;
        }
        if (p->op == &info<constant_op>) return g.is_number(node, p->attr.number);
        if (p->op == &info<negate_op>) return match_negated(p->operands[0], node);
        if (p->op == &info<subtract_op>) {
            if (!g.is(node, &info<add_op>)) return false;
            const auto saved = bound;
            if (match(p->operands[0], g.operand(node, 0)) && match_negated(p->operands[1], g.operand(node, 1))) return true;
            bound = saved;
            return match(p->operands[0], g.operand(node, 1)) && match_negated(p->operands[1], g.operand(node, 0));
        }
        if (!g.is(node, p->op)) return false;
        if (p->attr.axes == any_axes) {
            if (p->attr.number == 2 && !bind(number_slot, static_cast<int>(g[node].attr.number))) return false;
            if (p->op->kind != op_kind::movement && p->attr.number != 2 && !bind(axes_slot, static_cast<int>(g[node].attr.axes))) return false;
        }
        const auto saved = bound;
        bool all = true;
        for (int k = 0; all && k < p->arity; ++k) all = match(p->operands[at(k)], g.operand(node, k));
        if (all || !p->op->commutative) return all;
        bound = saved;
        return match(p->operands[0], g.operand(node, 1)) && match(p->operands[1], g.operand(node, 0));
    }

    constexpr int build(const record* p) {
        if (p->op == &info<wildcard_op>) return bound[static_cast<std::size_t>(p->attr.number)];
        small_array<int, max_arity> operands{};
        for (int k = 0; k < p->arity; ++k) operands[static_cast<std::size_t>(k)] = build(p->operands[static_cast<std::size_t>(k)]);
        attributes attr = p->attr;
        if (attr.axes == any_axes) {
            attr.axes = attr.number == 2 ? 0 : static_cast<std::uint32_t>(bound[axes_slot]);
            if (attr.number == 2) attr.number = bound[number_slot];
        }
        return g.make(p->op, attr, operands.data(), p->arity);
    }

private:
    constexpr bool bind(int slot, int value) {
        int& b = bound[static_cast<std::size_t>(slot)];
        if (b < 0) b = value;
        return b == value;
    }
    /// node == -p: a number below 0, or a product whose number is below 0.
    constexpr bool match_negated(const record* p, int node) {
        const int number = g.is(node, &info<multiply_op>) ? leading_number(node) : node;
        if (!g.is_number(number) || !(g[number].attr.number < 0)) return false;
        if (p->op == &info<constant_op>) return number == node && g[node].attr.number == -p->attr.number;
        if (number == node) return match(p, g.number(-g[node].attr.number));
        return match(p, g.make(&info<multiply_op>, {}, {g.number(-1), node}));
    }
    constexpr int leading_number(int product) const {
        while (g.is(product, &info<multiply_op>)) product = g.operand(product, 0);
        return product;
    }
};

namespace detail {
inline constexpr std::size_t rule_buckets = 32;
struct rule_index {
    std::array<std::array<std::int16_t, 12>, rule_buckets> rules{};
    std::array<int, rule_buckets> count{};
};
/// Rules by the op at their root; a difference stands for a sum of the normal form.
inline constexpr rule_index rules_by_root = [] {
    rule_index index;
    for (std::size_t r = 0; r < rewrite_rules.size(); ++r) {
        const op_info* root = rewrite_rules[r].before->op;
        if (root == &info<subtract_op>) root = &info<add_op>;
        const std::size_t bucket = root->digest % rule_buckets;
        index.rules[bucket][static_cast<std::size_t>(index.count[bucket]++)] = static_cast<std::int16_t>(r);
    }
    return index;
}();
}  // namespace detail

/// The first row that fits a node, applied; -1 where none does.
constexpr int apply_rules(graph& g, int node, bool refine) {
    const std::size_t bucket = g[node].op->digest % detail::rule_buckets;
    for (int k = 0; k < detail::rules_by_root.count[bucket]; ++k) {
        const auto r = static_cast<std::size_t>(detail::rules_by_root.rules[bucket][static_cast<std::size_t>(k)]);
        const rewrite_rule& rule = rewrite_rules[r];
        if (rule.group == rule_group::refined && !refine) continue;
        matcher m{g};
        if (!m.match(rule.before, node)) continue;
        if (rule.condition && !rule.condition(g, node, m.bound.data())) continue;
        if (++g.depth > 32) throw "xgrad: the rewrite rules do not come to an end";
        const shape wanted = g.shape_of(node);
        const int made = ast::ref{&g, m.build(rule.after)}.spread_to(wanted).index;
        --g.depth;
        g.fired.resize(rewrite_rules.size(), 0);
        ++g.fired[r];
        return made;
    }
    return -1;
}

}  // namespace xgrad
