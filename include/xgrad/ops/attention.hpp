// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/attention_blocks.hpp>
#include <xgrad/ops/concat.hpp>

namespace xgrad {

namespace detail {
/// attributes::axes of attention: how many heads, and whether a query sees no later key. (Bit 0 would be the outermost axis.)
constexpr std::uint32_t attention_axes(std::int64_t heads, bool causal) { return static_cast<std::uint32_t>(heads) << 8 | (causal ? 2u : 0u); }
constexpr std::int64_t heads_of(std::uint32_t axes) { return axes >> 8; }
constexpr bool is_causal(std::uint32_t axes) { return axes & 2u; }

/// The first rule that q [S..., T, H F], k [S..., K, H F], v [S..., K, H G] and, where Masked, m [S..., K] break; `result` if they break none.
template <bool Masked>
constexpr shape_result attention_shapes(const attributes& a, const shape* operands, const shape& result) {
    const shape &q = operands[0], &k = operands[1], &v = operands[2];
    if (q.rank < 2) return {{}, 1, q.rank, 2};
    for (const shape* s : {&k, &v})
        if (s->rank != q.rank) return {{}, 2, s->rank, q.rank};
    const int last = q.rank - 1, steps = q.rank - 2;
    for (int i = 0; i < steps; ++i)
        if (!(k[i] == q[i]) || !(v[i] == q[i])) return {{}, 3, q[i].size, k[i] == q[i] ? v[i].size : k[i].size};
    if (!(v[steps] == k[steps])) return {{}, 4, k[steps].size, v[steps].size};
    for (const shape* s : {&q, &k, &v}) {
        if ((*s)[last].is_dynamic()) return {{}, 5, 0, 1};
        if ((*s)[last].size % heads_of(a.axes)) return {{}, 6, (*s)[last].size, heads_of(a.axes)};
    }
    if (!(k[last] == q[last])) return {{}, 9, q[last].size, k[last].size};
    if (is_causal(a.axes) && !(k[steps] == q[steps])) return {{}, 7, q[steps].size, k[steps].size};
    if constexpr (Masked) {
        const shape& m = operands[3];
        if (m.rank != last) return {{}, 8, m.rank, last};
        for (int i = 0; i < last; ++i)
            if (!(m[i] == k[i])) return {{}, 8, m[i].size, k[i].size};
    }
    return {result};
}

/// The sizes, mask and switches of a call with so many queries. The rows of q are left to the caller, which alone knows what stands beside them; those of k and v to
/// `for_each_head`.
template <class T, int N>
attention_case<T> attention_case_of(const whole_call<T, N>& call, std::ptrdiff_t queries, bool masked) {
    const auto &k = call[1], &v = call[2];
    const auto heads = static_cast<std::ptrdiff_t>(heads_of(call.axes));
    attention_case<T> a{queries, k.extent(k.rank - 2), k.extent(k.rank - 1) / heads, v.extent(v.rank - 1) / heads};
    a.causal = is_causal(call.axes);
    a.softcap = call.number;
    a.mask = masked ? call[static_cast<std::size_t>(masked ? 3 : 0)].data : nullptr;
    return a;
}
/// Calls `each(case, sequence, head)` for every head of every sequence, with its keys, values and mask.
template <class T, int N, class F>
void for_each_head(const whole_call<T, N>& call, attention_case<T> a, F each) {
    const auto heads = static_cast<std::ptrdiff_t>(heads_of(call.axes));
    const std::ptrdiff_t sequences = call[1].elements() / (a.keys * a.features * heads);
    const T* const mask = a.mask;
    for (std::ptrdiff_t s = 0; s < sequences; ++s)
        for (std::ptrdiff_t h = 0; h < heads; ++h) {
            a.k = {call[1].data + s * a.keys * heads * a.features + h * a.features, heads * a.features};
            a.v = {call[2].data + s * a.keys * heads * a.values + h * a.values, heads * a.values};
            if (mask) a.mask = mask + s * a.keys;
            each(a, s, h);
        }
}
}  // namespace detail

template <bool Masked, bool Queries, bool Keys>
struct attention_derivative_op;

/// attention(q, k, v): the means of the rows of v under softmax(q k^T), head by head, and behind them by head the logarithm of each query's sum of
/// exponentials. scaled_dot_product_attention is made of it.
///
/// Shape       q [S..., T, H F], k [S..., K, H F], v [S..., K, H G]; where Masked, m [S..., K], 0 for keys that are not there  ->  [S..., T, H G + H]
/// Derivative  with P = softmax(q k^T), D_i = sum_c g_ic y_ic: v: P^T g; s = q k^T: P (g v^T - D); q: ds k; k: ds^T q
/// Limits      a query without any key: zeros; an infinite score: NaN
/// Method      blocks of 128 queries by 512 keys: a running maximum and sum of exponentials, earlier sums multiplied by what a new maximum takes off; on the
///             way back the probabilities are made again from the sums. No matrix of all scores is ever stored
/// Source      Dao et al., NeurIPS 2022
template <bool Masked>
struct attention_op : whole<3 + Masked> {
    static constexpr std::string_view name = Masked ? "attention_of_steps" : "attention";
    static constexpr bool lanes_of_double = false, multiplies = true;

    /// attributes::axes: as attention_axes; attributes::number: the cap of the scores, or 0.
    static constexpr shape_result shape_rule(const attributes& a, const shape* operands, int) {
        shape made = operands[0];
        if (made.rank > 0 && operands[2].rank > 0) made[made.rank - 1] = {operands[2][operands[2].rank - 1].size + detail::heads_of(a.axes), nullptr};
        return detail::attention_shapes<Masked>(a, operands, made);
    }
    template <int Rule, std::int64_t A, std::int64_t B>
    static constexpr auto report() {
        if constexpr (Rule == 1) {
            static_assert(A >= B, "xgrad: attention(q, k, v): q needs rank 2, [steps, features], or more: [batch, steps, features].");
        } else if constexpr (Rule == 2) {
            static_assert(A == B, "xgrad: attention(q, k, v): rank(k) and rank(v) must be rank(q).");
        } else if constexpr (Rule == 3) {
            static_assert(A == B && Rule != 3, "xgrad: attention(q, k, v): all axes before the steps must be equal in q, k and v.");
        } else if constexpr (Rule == 4) {
            static_assert(A == B && Rule != 4, "xgrad: attention(q, k, v): k and v must have the same steps, [batch, steps, features].");
        } else if constexpr (Rule == 5) {
            static_assert(A == B, "xgrad: attention(q, k, v): the last extents of q, k and v must be numbers. Fix: declare q as [batch, steps, 64_c], not with a named width.");
        } else if constexpr (Rule == 6) {
            static_assert(A % B == 0, "xgrad: attention(q, k, v): the last extents of q, k and v must be multiples of the heads.");
        } else if constexpr (Rule == 7) {
            static_assert(A == B && Rule != 7, "xgrad: attention(q, k, v, causal): q and k must have the same steps; a query sees the keys up to its own step.");
        } else if constexpr (Rule == 9) {
            static_assert(A == B && Rule != 9, "xgrad: attention(q, k, v): q and k must have the same features. Fix: a dense layer before one of them.");
        } else {
            static_assert(A == B && Rule != 8, "xgrad: attention(q, k, v, step_mask(m)): m must have the extents of k without the last.");
        }
    }
    static constexpr unsigned cut_operands(const attributes&, const shape& result) { return result.rank > 2 ? (1u << (3 + Masked)) - 1 : 0; }
    static constexpr auto pullback(auto g, auto y, auto q, auto k, auto v, auto... mask) {
        const int last = y.shape().rank - 1;
        const std::int64_t features = q.shape()[last].size, values = v.shape()[last].size;
        auto part = [&](auto x, std::int64_t from, std::int64_t count) {
            return ast::apply_with<slice_op>(attributes{.axes = 1u << last, .number = detail::packed_pair(from, count)}, x);
        };
        const auto x = ast::apply_with<concat_op<3>>(attributes{.axes = 1u << last}, q, y, g.spread_to(y.shape()));
        const auto rest = std::tuple{((void)mask, constant(g, 0))...};
        if (q.shape()[last - 1] == k.shape()[last - 1]) {
            const auto all = ast::apply_with<attention_derivative_op<Masked, true, true>>(y.attr(), x, k, v, mask...);
            return std::tuple_cat(std::tuple{part(all, 0, features), part(all, features, features), part(all, 2 * features, values)}, rest);
        }
        const auto of_keys = ast::apply_with<attention_derivative_op<Masked, false, true>>(y.attr(), x, k, v, mask...);
        return std::tuple_cat(std::tuple{ast::apply_with<attention_derivative_op<Masked, true, false>>(y.attr(), x, k, v, mask...), part(of_keys, 0, features), part(of_keys, features, values)}, rest);
    }
    static constexpr auto tangent(auto y, auto...) {
        if (y.index >= 0) throw "xgrad: attention has derivatives in reverse only. Fix: write softmax(matmul(q, transpose(k))) where a forward derivative is needed.";
        return y;
    }

    template <class T, class L, class M>
    static std::ptrdiff_t scratch_bytes(const whole_call<T, 3 + Masked>& call, L, M) {
        return detail::attention_blocks<T, L, M>::bytes(detail::attention_case_of(call, 0, Masked), 1);
    }
    template <class T, class L, class M>
    static void run(const whole_call<T, 3 + Masked>& call, L, M) {
        const auto& y = call.result;
        const auto heads = static_cast<std::ptrdiff_t>(detail::heads_of(call.axes));
        const auto all = detail::attention_case_of(call, y.extent(y.rank - 2), Masked);
        const std::ptrdiff_t q_step = heads * all.features, y_step = heads * (all.values + 1);
        detail::for_each_head(call, all, [&](detail::attention_case<T>& a, std::ptrdiff_t s, std::ptrdiff_t h) {
            a.q = {call[0].data + s * a.queries * q_step + h * a.features, q_step};
            T* const to = y.data + s * a.queries * y_step;
            detail::attention_blocks<T, L, M>(a, call.scratch, 1).forward({to + h * a.values, y_step}, {to + heads * a.values + h, y_step});
        });
    }
};

/// The derivative of attention, by q, by k and v, or by all, side by side.
///
/// Shape       x = [q, y, g] [S..., T, H F + 2 (H G + H)], k, v and m as attention has them  ->  [S..., T, H F], [S..., K, H F + H G] or [S..., T, 2 H F + H G]
/// Derivative  refused
template <bool Masked, bool Queries, bool Keys>
struct attention_derivative_op : whole<3 + Masked> {
    static constexpr std::string_view name = Queries && Keys ? "attention_derivative" : Queries ? "attention_derivative_by_q" : "attention_derivative_by_k_v";
    static constexpr bool lanes_of_double = false, multiplies = true;

    static constexpr shape_result shape_rule(const attributes&, const shape* operands, int) {
        const shape &k = operands[1], &v = operands[2];
        const int last = k.rank - 1;
        shape_result made{Queries ? operands[0] : k};
        made.value[last] = {(Queries ? k[last].size : 0) + (Keys ? k[last].size + v[last].size : 0), nullptr};
        return made;
    }
    static constexpr unsigned cut_operands(const attributes& a, const shape& result) { return attention_op<Masked>::cut_operands(a, result); }
    static constexpr auto pullback(auto g, auto y, auto... x) {
        if (y.index >= 0) throw "xgrad: attention has a first derivative only. Fix: write softmax(matmul(q, transpose(k))) where a second one is needed.";
        return std::tuple{((void)x, constant(g, 0))...};
    }
    static constexpr auto tangent(auto y, auto...) {
        if (y.index >= 0) throw "xgrad: attention has a first derivative only. Fix: write softmax(matmul(q, transpose(k))) where a second one is needed.";
        return y;
    }

    template <class T, class L, class M>
    static std::ptrdiff_t scratch_bytes(const whole_call<T, 3 + Masked>& call, L, M) {
        return detail::attention_blocks<T, L, M>::bytes(detail::attention_case_of(call, 0, Masked), 2);
    }
    template <class T, class L, class M>
    static void run(const whole_call<T, 3 + Masked>& call, L, M) {
        const auto& x = call[0];
        const auto heads = static_cast<std::ptrdiff_t>(detail::heads_of(call.axes));
        const auto all = detail::attention_case_of(call, x.extent(x.rank - 2), Masked);
        const std::ptrdiff_t of_q = heads * all.features, of_v = heads * all.values, of_y = of_v + heads, step = of_q + 2 * of_y;
        const std::ptrdiff_t to_step = (Queries ? of_q : 0) + (Keys ? of_q + of_v : 0), to_rows = Queries ? all.queries : all.keys;
        if constexpr (Keys) std::fill_n(call.result.data, call.result.elements(), T{0});  // sums over the queries grow there
        detail::for_each_head(call, all, [&](detail::attention_case<T>& a, std::ptrdiff_t s, std::ptrdiff_t h) {
            const T* const from = x.data + s * a.queries * step;
            T* const dq = call.result.data + s * to_rows * to_step + h * a.features;
            T* const dk = dq + (Queries ? of_q : 0);
            T* const dv = dk - h * a.features + of_q + h * a.values;
            a.q = {from + h * a.features, step};
            const auto part = [&](std::ptrdiff_t column) { return detail::head_rows<const T>{from + column, step}; };
            detail::attention_blocks<T, L, M>(a, call.scratch, 2)
                .template backward<Queries, Keys>({part(of_q + h * a.values), part(of_q + of_v + h), part(of_q + of_y + h * a.values), part(of_q + of_y + of_v + h)}, {dq, to_step}, {dk, to_step}, {dv, to_step});
        });
    }
};

}  // namespace xgrad
