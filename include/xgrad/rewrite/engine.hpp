// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/rewrite/refinement.hpp>
#include <xgrad/rewrite/stable.hpp>

#include <bit>

namespace xgrad {

/// Every row of the library, in order; graph::fired counts by this order.
inline constexpr auto rewrite_rules = detail::joined(pattern::stable_table, pattern::refinement_table);

/// Matches rows against nodes. Differences and negations are looked for in the normal form, where a - b is a + (-1) b.
class matcher {
public:
    static constexpr int axes_slot = 4, number_slot = 5, rank_slot = 7;
    graph& g;
    std::array<int, 8> bound{-1, -1, -1, -1, -1, -1, -1, -1};
    int rest = -1;  ///< factors of a product that are none of the pattern's

    /// A row's left side. A pattern of two factors is looked for among all factors of a product.
    constexpr bool match_root(const record* p, int node) {
        const bool of_factors = p->op == &info<multiply_op> && p->operands[0]->op != &info<wildcard_op> && p->operands[1]->op != &info<wildcard_op>;
        return of_factors ? match_factors(p, node) : match(p, node);
    }

    constexpr bool match(const record* p, int node) {
        ++g.visits;
        const auto at = [](int i) { return static_cast<std::size_t>(i); };
        if (p->op == &info<wildcard_op>) {
            int& slot = bound[at(static_cast<int>(p->attr.number))];
            if (slot < 0 && (p->attr.number != pattern::steady_number || is_steady(node))) slot = node;
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
            if (p->op->kind != op_kind::movement && p->attr.number != 2) {
                if (!bind(axes_slot, static_cast<int>(g[node].attr.axes))) return false;
                bound[rank_slot] = g.shape_of(g.operand(node, 0)).rank;
            }
        }
        const auto saved = bound;
        bool all = true;
        for (int k = 0; all && k < p->arity; ++k) all = match(p->operands[at(k)], g.operand(node, k));
        if (all || !p->op->commutative) return all;
        bound = saved;
        return match(p->operands[0], g.operand(node, 1)) && match(p->operands[1], g.operand(node, 0));
    }

    /// What stands in the node's place.
    constexpr int replacement(const record* after) {
        const int made = build(after);
        return rest < 0 ? made : g.make(&info<multiply_op>, {}, {rest, made});
    }

private:
    constexpr int build(const record* p) {
        if (p->op == &info<wildcard_op>) return bound[static_cast<std::size_t>(p->attr.number)];
        small_array<int, max_arity> operands{};
        for (int k = 0; k < p->arity; ++k) operands[static_cast<std::size_t>(k)] = build(p->operands[static_cast<std::size_t>(k)]);
        attributes attr = p->attr;
        if (attr.axes == any_axes) {
            attr.axes = attr.number == 2 ? 0 : static_cast<std::uint32_t>(bound[axes_slot]) >> (bound[rank_slot] - g.shape_of(operands[0]).rank);
            if (attr.number == 2) attr.number = bound[number_slot];
        }
        return g.make(p->op, attr, operands.data(), p->arity);
    }
    constexpr bool bind(int slot, int value) {
        int& b = bound[static_cast<std::size_t>(slot)];
        if (b < 0) b = value;
        return b == value;
    }
    /// Whether a node does not vary along the axes of the op above it.
    constexpr bool is_steady(int node) const {
        const shape& s = g.shape_of(node);
        for (int i = 0; i < s.rank; ++i)
            if ((bound[axes_slot] >> (i + bound[rank_slot] - s.rank) & 1) && !s[i].is_one()) return false;
        return true;
    }
    constexpr bool match_factors(const record* p, int product) {
        small_array<int, 8> factors{};
        int count = 0;
        for (; g.is(product, &info<multiply_op>) && count < 7; product = g.operand(product, 0)) factors[static_cast<std::size_t>(count++)] = g.operand(product, 1);
        factors[static_cast<std::size_t>(count++)] = product;
        for (int i = 0; i < count; ++i) {
            const int first = factors[static_cast<std::size_t>(i)];
            if (!g.is(first, p->operands[0]->op)) continue;
            for (int k = 0; k < count; ++k) {
                const int second = factors[static_cast<std::size_t>(k)];
                if (k == i || !g.is(second, p->operands[1]->op)) continue;
                bound.fill(-1);
                if (!match(p->operands[0], first) || !match(p->operands[1], second)) continue;
                for (int other = 0; other < count; ++other) {
                    const int factor = factors[static_cast<std::size_t>(other)];
                    if (other != i && other != k) rest = rest < 0 ? factor : g.make(&info<multiply_op>, {}, {rest, factor});
                }
                return true;
            }
        }
        return false;
    }
    /// node == -p: a number below 0, or a product whose number is below 0.
    constexpr bool match_negated(const record* p, int node) {
        if (p->op == &info<wildcard_op>) {
            const int known = bound[static_cast<std::size_t>(p->attr.number)];
            if (known >= 0) return g.make(&info<multiply_op>, {}, {g.number(-1), known}) == node;
        }
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
/// Sets of rows, by number.
inline constexpr std::size_t rule_words = (rewrite_rules.size() + 63) / 64, rule_buckets = 128;
using rule_set = std::array<std::uint64_t, rule_words>;

/// The op that a pattern has in the normal form.
constexpr const op_info* normal_op(const record* p) {
    return p->op == &info<subtract_op> ? &info<add_op> : p->op == &info<negate_op> ? &info<multiply_op> : p->op;
}
/// By which of its operands a row is found: the one met least often. None where all are wildcards.
constexpr const op_info* telling_operand(const record* p) {
    const op_info* best = nullptr;
    int least = 0;
    for (int k = 0; k < p->arity; ++k) {
        const record* x = p->operands[static_cast<std::size_t>(k)];
        const bool constant = x->op == &info<constant_op>;
        const op_info* op = !constant && k == 1 && p->op == &info<subtract_op> ? &info<multiply_op> : normal_op(x);
        const int worth = op == &info<wildcard_op> ? 0 : op == &info<multiply_op> ? 1 : constant ? 2 : 3;
        if (worth > least) best = op, least = worth;
    }
    return best;
}
constexpr std::size_t bucket_of(const op_info* root, const op_info* operand) {
    return (root->digest ^ (operand ? operand->digest >> 20 : 0)) % rule_buckets;
}
/// Rows by the op at their root and an operand's: a node asks only those that name what it has, however many there are.
inline constexpr std::array<rule_set, rule_buckets> rules_by_ops = [] {
    std::array<rule_set, rule_buckets> index{};
    for (std::size_t r = 0; r < rewrite_rules.size(); ++r) {
        const record* p = rewrite_rules[r].before;
        index[bucket_of(normal_op(p), telling_operand(p))][r / 64] |= std::uint64_t{1} << r % 64;
    }
    return index;
}();
constexpr rule_set rules_for(const graph& g, int node) {
    const op_info* op = g[node].op;
    rule_set found = rules_by_ops[bucket_of(op, nullptr)];
    const auto add = [&](const op_info* operand) {
        const rule_set& more = rules_by_ops[bucket_of(op, operand)];
        for (std::size_t w = 0; w < rule_words; ++w) found[w] |= more[w];
    };
    for (int k = 0; k < g[node].arity; ++k) add(g[g.operand(node, k)].op);
    if (op != &info<multiply_op>) return found;
    for (int x = g.operand(node, 0); g.is(x, &info<multiply_op>); x = g.operand(x, 0)) {
        add(g[g.operand(x, 0)].op);
        add(g[g.operand(x, 1)].op);
    }
    return found;
}
}  // namespace detail

/// The first row that fits a node, applied; -1 where none does.
constexpr int apply_rules(graph& g, int node, bool refine) {
    detail::rule_set rows = detail::rules_for(g, node);
    for (std::size_t w = 0; w < detail::rule_words; ++w)
        for (; rows[w]; rows[w] &= rows[w] - 1) {
            const std::size_t r = 64 * w + static_cast<std::size_t>(std::countr_zero(rows[w]));
            const rewrite_rule& rule = rewrite_rules[r];
            if (rule.group == rule_group::refined && !refine) continue;
            matcher m{g};
            if (!m.match_root(rule.before, node)) continue;
            if (rule.condition && !rule.condition(g, node, m.bound.data())) continue;
            if (++g.depth > 32) throw "xgrad: the rewrite rules do not come to an end";
            const shape wanted = g.shape_of(node);
            const int made = ast::ref{&g, m.replacement(rule.after)}.spread_to(wanted).index;
            --g.depth;
            g.fired.resize(rewrite_rules.size(), 0);
            ++g.fired[r];
            return made;
        }
    return -1;
}

}  // namespace xgrad
