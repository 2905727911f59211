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
}  // namespace detail

/// l2_penalty(k, e) = k times the sum of squares of every weight (parameter of rank 2 or more) in the expression e.
/// The derivative is 2 k w. Biases are not penalised.
template <ast::symbolic K, ast::symbolic E>
constexpr auto l2_penalty(K k, E) {
    constexpr auto found = detail::weight_digests<ast::node_traits<E>::of()>();
    static_assert(found.second > 0, "xgrad::l2_penalty(k, e): e has no weights. Fix: pass the model's output, or sum(square(w)) of one weight.");
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
        return k * (sum(square(ast::node<found.first[I]>{})) + ...);
    }(std::make_index_sequence<found.second>{});
}

}  // namespace xgrad
