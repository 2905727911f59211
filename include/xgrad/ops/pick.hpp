// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/one_hot.hpp>

namespace xgrad {

/// pick(x, t): in each row the entry at the label's class.
///
/// Shape       x [S..., classes], t [S...]  ->  [S...]
/// Derivative  one_hot(t) g for x
/// Errors      labels outside 0 .. classes - 1 are reported when bound; an ignored row gives entry 0
struct pick_op : op_defaults {
    static constexpr std::string_view name = "pick";
    static constexpr op_kind kind = op_kind::gather;
    static constexpr int arity = 2;

    static constexpr shape_result shape_rule(const attributes& a, const shape* operands, int) {
        const shape &x = operands[0], &t = operands[1];
        if (x.rank != t.rank + 1) return {{}, 1, x.rank, t.rank + 1};
        const bool is_any = x[t.rank] == extent{-1, nullptr};  // of a pattern
        if (!is_any && x[t.rank].size != static_cast<std::int64_t>(a.number)) return {{}, 2, x[t.rank].size, static_cast<std::int64_t>(a.number)};
        shape rows = x;
        rows.rank = t.rank;
        shape_result result = broadcast_shapes(rows, t);
        if (result.broken) result.broken = 3;
        return result;
    }
    template <int Rule, std::int64_t A, std::int64_t B>
    static constexpr auto report() {
        if constexpr (Rule == 1) {
            static_assert(A == B,
                          "xgrad::pick(x, t): rank(x) must equal rank(t) + 1, the classes being the last axis of x. "
                          "Fix: give one label a row.");
        } else if constexpr (Rule == 2) {
            static_assert(A == B,
                          "xgrad::pick(x, t): the last extent of x must equal the class count of t. "
                          "Fix: check the width of the last layer and classes(...) of the labels.");
        } else {
            static_assert(A == B, "xgrad::pick(x, t): x and t must have the same rows. Fix: check their extents.");
        }
    }
    static constexpr auto pullback(auto g, auto y, auto x, auto t) {
        const auto last = 1u << y.shape().rank;
        return std::tuple{g.insert_axes(last, x) * t.one_hot(y.attr().number), constant(g, 0)};
    }
    static constexpr auto tangent(auto y, auto, auto t, auto tx, auto) { return tx.pick(t, y.attr().number); }
};
inline constexpr struct {
    template <ast::symbolic X, ast::symbolic T>
    constexpr auto operator()(X x, T t) const {
        static_assert(detail::is_labels<T>(),
                      "xgrad::pick(x, t): t must be labels. Fix: declare it as xg::labels<\"t\">(batch, xg::classes(10_c)).");
        return ast::apply<pick_op, attributes{.number = detail::class_count_of<T>()}>(x, t);
    }
} pick{};

namespace ast {
template <symbolic X, symbolic T>
constexpr auto pick(X x, T t) {
    return xgrad::pick(x, t);
}
}  // namespace ast

}  // namespace xgrad
