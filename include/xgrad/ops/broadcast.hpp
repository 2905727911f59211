// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/movement.hpp>

namespace xgrad {

namespace detail {
template <auto... E>
inline constexpr shape broadcast_target = to_shape(E...);

constexpr axis_map broadcast_source(const shape& from, const shape& to) {
    axis_map source{};
    for (int i = 0; i < to.rank; ++i) {
        const int axis = i - (to.rank - from.rank);
        const bool kept = axis >= 0 && (!from[axis].is_one() || to[i].is_one());
        source[static_cast<std::size_t>(i)] = static_cast<std::int8_t>(kept ? axis : -1);
    }
    return source;
}
/// x repeated to a shape that is interned.
template <const shape* Wanted, class X>
constexpr auto spread_over(X x) {
    return ast::apply<movement_op, attributes{.source = broadcast_source(ast::node_traits<X>::of()->extents, *Wanted), .target = Wanted}>(x);
}
}  // namespace detail

/// broadcast(x, extents...): x repeated to this shape, by NumPy's rules. Operators broadcast by themselves.
///
/// Shape       [S...]  ->  [extents...]
/// Derivative  the sum over the repeated axes
inline constexpr struct {
    template <ast::symbolic X, class... E>
    constexpr auto operator()(X x, E...) const {
        if constexpr (is_bad<X>) {
            return x;
        } else {
            return detail::spread_over<detail::interned_shape<detail::broadcast_target<canonical_extent<E>{}...>>>(x);
        }
    }
} broadcast{};

}  // namespace xgrad
