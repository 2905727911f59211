// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/graph/ref.hpp>

namespace xgrad::detail {

/// c x + ... + k x = (c + k) x + ..., where c and k are numbers of the row and x varies with its elements: what a row's sums add to a
/// gradient is added once a row.
struct multiples {
    graph& g;

    /// a + b where a term of one takes up the other; -1 where none does.
    constexpr int sum(int a, int b) const {
        const int gathered = multiple_in(a, b, 0);
        return gathered >= 0 ? gathered : multiple_in(b, a, 0);
    }
    /// How many axes of i are longer than 1.
    constexpr int extent_count(int i) const {
        int count = 0;
        for (int k = 0; k < g.shape_of(i).rank; ++k) count += !g.shape_of(i)[k].is_one();
        return count;
    }

private:
    constexpr int multiple_in(int in, int term, int depth) const {
        if (!g.is(term, &info<multiply_op>)) return -1;
        const int x = g.operand(term, 1);
        if (g.is(in, &info<multiply_op>) && g.operand(in, 1) == x) {
            const int c = g.operand(in, 0), k = g.operand(term, 0);
            if (g.is_number(c) || g.is_number(k) || extent_count(c) >= extent_count(x) || extent_count(k) >= extent_count(x) || !(g.shape_of(c) == g.shape_of(k))) return -1;
            return g.make(&info<multiply_op>, {}, {g.make(&info<add_op>, {}, {c, k}), x});
        }
        if (depth == 4 || !g.is(in, &info<add_op>)) return -1;
        for (int k = 0; k < 2; ++k)
            if (const int inside = multiple_in(g.operand(in, k), term, depth + 1); inside >= 0) return g.make(&info<add_op>, {}, {g.operand(in, 1 - k), inside});
        return -1;
    }
};

}  // namespace xgrad::detail
