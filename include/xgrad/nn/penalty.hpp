// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/all.hpp>

namespace xgrad {

namespace detail {
/// The parameters of rank 2 and more below an expression: digests of the weights, biases left out.
template <const record* Root>
constexpr auto weight_digests() {
    std::array<std::uint64_t, 256> found{};
    std::size_t count = 0;
    std::array<const record*, 1024> stack{Root};
    std::size_t depth = 1;
    std::array<std::uint64_t, 4096> seen{};
    std::size_t seen_count = 0;
    while (depth > 0) {
        const record* r = stack[--depth];
        bool known = false;
        for (std::size_t i = 0; i < seen_count; ++i) known = known || seen[i] == r->digest;
        if (known) continue;
        seen[seen_count++] = r->digest;
        if (r->attr.leaf && r->attr.leaf->kind == leaf_kind::parameter && r->extents.rank >= 2) found[count++] = r->digest;
        for (int i = r->arity; i-- > 0;) stack[depth++] = r->operands[static_cast<std::size_t>(i)];
    }
    return std::pair{found, count};
}
/// k times the sum of `of(w)` over the weights of e.
template <class Sum, class K, class E>
constexpr auto penalty_of_weights(K k, E, Sum of) {
    constexpr auto found = weight_digests<ast::node_traits<E>::of()>();
    static_assert(found.second > 0, "xgrad::l2_penalty(k, e), l1_penalty, elastic_net_penalty: e has no weights. Fix: pass the model's output, or sum(square(w)) of one weight.");
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
        return k * (sum(of(ast::node<found.first[I]>{})) + ...);
    }(std::make_index_sequence<found.second>{});
}
}  // namespace detail

/// l2_penalty(k, e) = k times the sum of squares of every weight (parameter of rank 2 or more) in the expression e.
///
/// Formula     k sum(w^2); biases are not penalised
/// Gradient    2 k w
/// Shape       k [], e [...]  ->  []
/// Source      Hoerl and Kennard, Technometrics 1970; Keras L2. PyTorch's weight_decay d is k = d / 2
/// Catalogue   penalty
template <ast::symbolic K, ast::symbolic E>
constexpr auto l2_penalty(K k, E e) {
    return detail::penalty_of_weights(k, e, [](auto w) { return square(w); });
}

/// l1_penalty(k, e) = k times the sum of |w| over every weight (parameter of rank 2 or more) in the expression e.
///
/// Formula     k sum(|w|); biases are not penalised
/// Gradient    k sign(w), 0 at 0
/// Shape       k [], e [...]  ->  []
/// Source      Tibshirani, J. R. Stat. Soc. B 1996; Keras L1
/// Catalogue   penalty
template <ast::symbolic K, ast::symbolic E>
constexpr auto l1_penalty(K k, E e) {
    return detail::penalty_of_weights(k, e, [](auto w) { return abs(w); });
}

/// elastic_net_penalty(k1, k2, e) = l1_penalty(k1, e) + l2_penalty(k2, e).
///
/// Formula     k1 sum(|w|) + k2 sum(w^2); biases are not penalised
/// Gradient    k1 sign(w) + 2 k2 w
/// Shape       k1, k2 [], e [...]  ->  []
/// Source      Zou and Hastie, J. R. Stat. Soc. B 2005, without the half that some put before k2; Keras L1L2
/// Catalogue   penalty
template <ast::symbolic K1, ast::symbolic K2, ast::symbolic E>
constexpr auto elastic_net_penalty(K1 k1, K2 k2, E e) {
    return l1_penalty(k1, e) + l2_penalty(k2, e);
}

}  // namespace xgrad
