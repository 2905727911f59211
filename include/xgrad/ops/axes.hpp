// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/lanes.hpp>

namespace xgrad {

struct movement_op;  // ops/movement.hpp, which reductions include

/// Axes by position, negative from the end: `sum(x, xg::axes<-1>)`. A named axis serves as well: `sum(x, batch)`.
template <int... Position>
struct axis_positions {};
template <int... Position>
inline constexpr axis_positions<Position...> axes{};

/// Passed to a reduction: the reduced axes stay, with extent 1, as in `exp(z) / sum(exp(z), xg::axes<-1>, xg::keep_axes)`.
struct keep_axes_t {};
inline constexpr keep_axes_t keep_axes{};

namespace detail {
inline constexpr std::uint32_t no_such_axis = 1u << 30;

constexpr std::uint32_t all_axes(const shape& s) { return (1u << s.rank) - 1; }

template <int... Position>
constexpr std::uint32_t axes_mask(const shape& s, axis_positions<Position...>) {
    std::uint32_t mask = 0;
    ((mask |= (Position < s.rank && Position >= -s.rank) ? 1u << (Position < 0 ? Position + s.rank : Position) : no_such_axis), ...);
    return mask;
}
template <fixed_string Name>
constexpr std::uint32_t axes_mask(const shape& s, dynamic_axis<Name>) {
    for (int i = 0; i < s.rank; ++i)
        if (s[i].name == dynamic_axis<Name>::name) return 1u << i;
    return no_such_axis;
}

/// What is written for an axis by mistake.
template <class T>
    requires std::integral<T> || std::convertible_to<T, std::string_view>
constexpr std::uint32_t axes_mask(const shape&, T) {
    static_assert(sizeof(T) == 0, "xgrad: an axis is no plain number and no text. Fix: xg::axes<1>, or the axis as it was declared, sum(x, batch).");
    return 0;
}

template <class Axes>
inline constexpr bool is_axes = false;
template <int... Position>
inline constexpr bool is_axes<axis_positions<Position...>> = true;
template <fixed_string Name>
inline constexpr bool is_axes<dynamic_axis<Name>> = true;
/// f(axes)(x) = f(x, axes): what is called with axes alone waits for its x, as a layer does.
template <class F, class Axes>
struct along_axes {
    template <ast::symbolic X>
    constexpr auto operator()(X x) const {
        return F{}(x, Axes{});
    }
};

template <class Axes>
inline constexpr bool is_keep_axes = std::is_same_v<Axes, keep_axes_t>;
constexpr std::uint32_t axes_mask(const shape&, keep_axes_t) { return 0; }

/// Where the axes of a reduced result are in the operand's shape, and that shape with the reduced extents at 1.
constexpr axis_map kept_source(const shape& s, std::uint32_t mask) {
    axis_map source{};
    std::int8_t next = 0;
    for (int i = 0; i < s.rank; ++i) source[static_cast<std::size_t>(i)] = mask >> i & 1u ? std::int8_t{-1} : next++;
    return source;
}
template <const record* R, std::uint32_t Mask>
inline constexpr shape kept_shape = [] {
    shape s = R->extents;
    for (int i = 0; i < s.rank; ++i)
        if (Mask >> i & 1u) s[i] = one_extent;
    return s;
}();
/// A reduction op's call: over all axes, or over the axes given; with `keep_axes` the reduced ones stay at extent 1.
template <class Op, class X, class... Axes>
constexpr auto reduce(X x, Axes... which) {
    if constexpr (is_bad<X>) {
        return x;
    } else {
        constexpr const record* r = ast::node_traits<X>::of();
        constexpr bool keeps = (is_keep_axes<Axes> || ...);
        constexpr std::uint32_t mask = sizeof...(Axes) == (keeps ? 1u : 0u) ? all_axes(r->extents) : (axes_mask(r->extents, Axes{}) | ... | 0u);
        static_assert((mask & no_such_axis) == 0,
                      "xgrad: a reduction names an axis that its operand does not have. "
                      "Fix: positions run from 0 to rank - 1, or from -rank to -1; a named axis must be among the extents.");
        (void)sizeof...(which);
        if constexpr (keeps && Op::kind != op_kind::generate) {  // a count is a number, without axes to keep
            return ast::apply<movement_op, attributes{.source = kept_source(r->extents, mask), .target = &kept_shape<r, mask>}>(
                ast::apply<Op, attributes{.axes = mask}>(x));
        } else {
            return ast::apply<Op, attributes{.axes = mask}>(x);
        }
    }
}
}  // namespace detail

/// What reductions share: the axes in attributes::axes disappear.
struct reducing : op_defaults {
    static constexpr op_kind kind = op_kind::reduction;
    static constexpr int arity = 1;
    static constexpr shape_result shape_rule(const attributes& a, const shape* operands, int) {
        shape_result result;
        for (int i = 0; i < operands[0].rank; ++i)
            if (!(a.axes >> i & 1u)) result.value.push_back(operands[0][i]);
        return result;
    }
};

/// What softmax and log_softmax share: the operand's shape, normalised over attributes::axes.
struct normalisation : op_defaults {
    static constexpr op_kind kind = op_kind::composite;
    static constexpr int arity = 1;
    static constexpr bool heavy = true;
    static constexpr shape_result shape_rule(const attributes&, const shape* operands, int) { return {operands[0]}; }
};

}  // namespace xgrad
