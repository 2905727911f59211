// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/movement.hpp>

namespace xgrad {

/// transpose(x): the last two axes change places. transpose(x, axes<2, 0, 1>): result axis i is x's axis axes[i].
///
/// Shape       [..., M, N]  ->  [..., N, M]
inline constexpr struct {
    template <ast::symbolic X>
    constexpr auto operator()(X x) const {
        if constexpr (is_bad<X>) {
            return x;
        } else {
            constexpr int rank = ast::node_traits<X>::of()->extents.rank;
            static_assert(rank >= 2, "xgrad::transpose(x): rank(x) must be at least 2. Fix: a vector needs no transpose.");
            return ast::apply<movement_op, attributes{.source = swapped(rank)}>(x);
        }
    }
    template <ast::symbolic X, int... Position>
    constexpr auto operator()(X x, axis_positions<Position...>) const {
        if constexpr (is_bad<X>) {
            return x;
        } else {
            constexpr int rank = ast::node_traits<X>::of()->extents.rank;
            static_assert(rank == sizeof...(Position), "xgrad::transpose(x, axes): every axis of x must be named once.");
            static_assert(((1u << Position) | ... | 0u) == (1u << rank) - 1, "xgrad::transpose(x, axes): every axis of x must be named once.");
            return ast::apply<movement_op, attributes{.source = {static_cast<std::int8_t>(Position)...}}>(x);
        }
    }

private:
    static constexpr axis_map swapped(int rank) {
        axis_map source{};
        for (int i = 0; i < rank; ++i)
            source[static_cast<std::size_t>(i)] = static_cast<std::int8_t>(i == rank - 1 ? rank - 2 : i == rank - 2 ? rank - 1 : i);
        return source;
    }
} transpose{};

}  // namespace xgrad
