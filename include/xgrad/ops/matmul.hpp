// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/lanes.hpp>

/// One sentence for two places: here, and in composites, which assert it themselves so that g++ prints it in its fifth line.
#define XGRAD_INNER_EXTENT_SENTENCE \
    "xgrad::matmul(a, b): columns(a) must equal rows(b). Fix: transpose one side, or check the width of the layer before this one."

namespace xgrad {

/// matmul(a, b): the matrix product over the last axis of a and the last but one of b.
///
/// Shape       a [..., M, K], b [K, N] or [..., K, N] with the same leading extents  ->  [..., M, N]
/// Derivative  a: g b^T; b: a^T g
struct matmul_op : op_defaults {
    static constexpr std::string_view name = "matmul";
    static constexpr op_kind kind = op_kind::contraction;
    static constexpr int arity = 2;
    static constexpr bool heavy = true;

    static constexpr shape_result shape_rule(const attributes&, const shape* operands, int) {
        const shape &a = operands[0], &b = operands[1];
        if (a.rank < 2 || b.rank < 2) return {{}, 2, a.rank < b.rank ? a.rank : b.rank, 2};
        if (b.rank != 2 && b.rank != a.rank) return {{}, 3, b.rank, a.rank};
        const extent &columns = a[a.rank - 1], &rows = b[b.rank - 2];
        if (!columns.is_dynamic() && !rows.is_dynamic() && columns.size != rows.size) return {{}, 1, columns.size, rows.size};
        shape_result result{a};
        result.value[a.rank - 1] = b[b.rank - 1];
        for (int i = 0; i + 2 < b.rank; ++i)
            if (!(a[i] == b[i])) return {{}, 4, a[i].size, b[i].size};
        return result;
    }
    template <int Rule, std::int64_t A, std::int64_t B>
    static constexpr auto report() {
        if constexpr (Rule == 1) {
            static_assert(A == B, XGRAD_INNER_EXTENT_SENTENCE);
        } else if constexpr (Rule == 2) {
            static_assert(A >= B, "xgrad::matmul(a, b): both operands need rank 2 or more. Fix: a row is [1, K], a column [K, 1].");
        } else if constexpr (Rule == 3) {
            static_assert(A == B, "xgrad::matmul(a, b): b must have rank 2 or the rank of a. Fix: broadcast(b, extents...) to the leading axes of a; in a loop's step the steps are the first of them.");
        } else {
            static_assert(A == B, "xgrad::matmul(a, b): the leading extents of a and b must be equal.");
        }
    }
    static constexpr auto pullback(auto g, auto, auto a, auto b) {
        if (b.shape().rank == 2) return std::tuple{matmul(g, b.transposed()), a.contract_rows(g)};
        return std::tuple{matmul(g, b.transposed()), matmul(a.transposed(), g)};
    }
    static constexpr auto tangent(auto, auto a, auto b, auto ta, auto tb) { return matmul(ta, b) + matmul(a, tb); }

private:
    static constexpr auto matmul(auto a, auto b) { return ast::apply<matmul_op>(a, b); }
};
inline constexpr function<matmul_op> matmul{};

/// contract_rows(a, b) = a^T b summed over every axis but the last of each: the gradient of a weight.
///
/// Shape       a [..., K], b [..., N]  ->  [K, N]
struct contract_rows_op : op_defaults {
    static constexpr std::string_view name = "contract_rows";
    static constexpr op_kind kind = op_kind::contraction;
    static constexpr int arity = 2;
    static constexpr bool heavy = true;

    static constexpr shape_result shape_rule(const attributes&, const shape* operands, int) {
        shape_result result;
        result.value.push_back(operands[0][operands[0].rank - 1]);
        result.value.push_back(operands[1][operands[1].rank - 1]);
        return result;
    }
    static constexpr auto pullback(auto g, auto, auto a, auto b) {
        return std::tuple{ast::apply<matmul_op>(b, g.transposed()), ast::apply<matmul_op>(a, g)};
    }
    static constexpr auto tangent(auto, auto a, auto b, auto ta, auto tb) {
        return ta.contract_rows(b) + a.contract_rows(tb);
    }
};

namespace ast {
template <expression A, expression B>
constexpr made<matmul_op, A, B> matmul(A a, B b) {
    return apply<matmul_op>(a, b);
}
}  // namespace ast

}  // namespace xgrad
