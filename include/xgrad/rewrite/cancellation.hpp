// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/graph/ref.hpp>

namespace xgrad::detail {

/// Terms of a sum that cancel each other: a + (b - a) is b, whatever rounding would leave of it. What remains keeps its order.
struct cancellation {
    graph& g;

    /// a + b where a term of one cancels the other, or a term of it; -1 where none does.
    constexpr int sum(int a, int b) const {
        if (cancel(a, 1, b, 1)) return g.number(0);
        int rest = without_term(b, 1, a, 1);
        if (rest < 0) rest = without_term(a, 1, b, 1);
        const double k = is_multiple(b) ? g[g.operand(b, 0)].attr.number : 1;
        const int terms = is_multiple(b) ? g.operand(b, 1) : b;
        for (int side = 0; rest < 0 && side < 2 && g.is(terms, &info<add_op>) && (is_multiple(a) || g.is(a, &info<add_op>)); ++side) {
            rest = without_term(a, 1, g.operand(terms, side), k);
            if (rest >= 0) rest = g.make(&info<add_op>, {}, {rest, scaled(k, g.operand(terms, 1 - side))});
        }
        return rest;
    }
    /// A number times one factor.
    constexpr bool is_multiple(int i) const { return g.is(i, &info<multiply_op>) && g.is_number(g.operand(i, 0)); }

private:
    /// Whether k a + m b is 0: the same factors with opposite numbers in front.
    constexpr bool cancel(int a, double k, int b, double m) const {
        for (;;) {
            if (a == b) return k == -m;
            if (g.is_number(a) && g.is_number(b)) return k * g[a].attr.number == -m * g[b].attr.number;
            if (is_multiple(a) && g.operand(a, 1) == b) return k * g[g.operand(a, 0)].attr.number == -m;
            if (is_multiple(b) && g.operand(b, 1) == a) return k == -m * g[g.operand(b, 0)].attr.number;
            if (!g.is(a, &info<multiply_op>) || !g.is(b, &info<multiply_op>) || g.operand(a, 1) != g.operand(b, 1)) return false;
            a = g.operand(a, 0);
            b = g.operand(b, 0);
        }
    }
    /// k terms + m term where one of the terms cancels the other: what is left of k terms; -1 where none does. Looks a few terms deep.
    constexpr int without_term(int terms, double k, int term, double m, int depth = 4) const {
        if (depth == 0) return -1;
        if (is_multiple(terms)) return without_term(g.operand(terms, 1), k * g[g.operand(terms, 0)].attr.number, term, m, depth - 1);
        if (!g.is(terms, &info<add_op>)) return -1;
        for (int side = 0; side < 2; ++side) {
            const int x = g.operand(terms, side), other = g.operand(terms, 1 - side);
            if (cancel(x, k, term, m)) return scaled(k, other);
            const int rest = without_term(x, k, term, m, depth - 1);
            if (rest < 0) continue;
            const int kept = scaled(k, other);
            return side == 0 ? g.make(&info<add_op>, {}, {rest, kept}) : g.make(&info<add_op>, {}, {kept, rest});
        }
        return -1;
    }
    constexpr int scaled(double k, int x) const { return k == 1 ? x : g.make(&info<multiply_op>, {}, {g.number(k), x}); }
};

}  // namespace xgrad::detail
