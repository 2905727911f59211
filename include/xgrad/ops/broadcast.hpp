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
            constexpr const shape* target = detail::interned_shape<detail::broadcast_target<canonical_extent<E>{}...>>;
            return ast::apply<movement_op, attributes{.source = detail::broadcast_source(ast::node_traits<X>::of()->extents, *target),
                                                      .target = target}>(x);
        }
    }
} broadcast{};

}  // namespace xgrad
