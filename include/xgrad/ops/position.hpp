// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/movement.hpp>

namespace xgrad {

/// 0, 1, 2, ... along one axis: kernels read it as any array of one axis, so that an element knows where it stands however the work
/// is cut. attributes::target has the one extent.
struct position_op : op_defaults {
    static constexpr std::string_view name = "position";
    static constexpr op_kind kind = op_kind::leaf;
    static constexpr int arity = 0;
    static constexpr shape_result shape_rule(const attributes& a, const shape*, int) { return {*a.target}; }
};

namespace detail {
template <auto E>
inline constexpr shape extent_alone = to_shape(E);

/// One axis of a record alone, and with extent 1 on all that follow.
template <const record* R, int Axis>
inline constexpr shape axis_alone = [] {
    shape s{};
    s.push_back(R->extents[Axis]);
    return s;
}();
template <const record* R, int Axis>
inline constexpr shape axis_and_ones = [] {
    shape s{};
    for (int i = Axis; i < R->extents.rank; ++i) s.push_back(i == Axis ? R->extents[i] : one_extent);
    return s;
}();
/// The places along an axis of x, beside x: [extent, 1, ...].
template <const record* R, int Axis>
constexpr auto positions_along() {
    const auto places = ast::apply<position_op, attributes{.target = interned_shape<axis_alone<R, Axis>>}>();
    if constexpr (Axis + 1 == R->extents.rank) {
        return places;
    } else {
        constexpr const shape* target = interned_shape<axis_and_ones<R, Axis>>;
        return ast::apply<movement_op, attributes{.source = kept_source(*target, (1u << target->rank) - 2), .target = target}>(places);
    }
}
}  // namespace detail

/// positions(n): 0, 1, ..., n - 1, for masks and codes that depend on the place: `select(positions(steps) < 5_c, a, b)`.
///
/// Shape       [n], n a number or a named axis that something else of the formula has as well
/// Errors      in float, more than 2^24 places are refused when arrays are bound
inline constexpr struct {
    template <class E>
    constexpr auto operator()(E) const {
        return ast::apply<position_op, attributes{.target = detail::interned_shape<detail::extent_alone<canonical_extent<E>{}>>}>();
    }
} positions{};

}  // namespace xgrad
