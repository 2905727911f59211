// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/count.hpp>
#include <xgrad/ops/position.hpp>
#include <xgrad/ops/select.hpp>
#include <xgrad/ops/sum.hpp>
#include <xgrad/ops/whole.hpp>

namespace xgrad {

struct edge_op;

/// The cotangent of what `first_of` or `last_of` was taken from: g there, zeros elsewhere. The second operand is that, for its extents.
struct pad_edge_op : whole<2> {
    static constexpr std::string_view name = "pad_edge";
    static constexpr bool exact = true;

    static constexpr shape_result shape_rule(const attributes&, const shape* operands, int) { return {operands[1]}; }
    static constexpr unsigned cut_operands(const attributes& a, const shape&) { return detail::all_unless_outermost(a, 2); }
    static constexpr auto pullback(auto g, auto y, auto, auto x) { return std::tuple{ast::apply_with<edge_op>(y.attr(), g), constant(x, 0)}; }
    static constexpr auto tangent(auto y, auto, auto x, auto t, auto) { return ast::apply_with<pad_edge_op>(y.attr(), t, x); }

    template <class T>
    static void run(const whole_call<T, 2>& call) {
        const std::ptrdiff_t n = call.result.extent(call.axis()), inner = call.result.stride(call.axis());
        std::fill_n(call.result.data, call.result.elements(), T{0});
        const std::ptrdiff_t outer = call.result.outer(call.axis()), at = call.number != 0 ? n - 1 : 0;
        for (std::ptrdiff_t o = 0; o < outer; ++o) std::copy_n(call[0].data + o * inner, inner, call.result.data + (o * n + at) * inner);
    }
};

/// first_of(x, axis), last_of(x, axis): the element at one end of an axis, named or by position.
///
/// Shape       [S...]  ->  [S... without the axis]
/// Derivative  g in its place among zeros
struct edge_op : whole<1> {
    static constexpr std::string_view name = "edge";
    static constexpr bool exact = true;

    /// attributes::number: 0 the first, 1 the last.
    static constexpr shape_result shape_rule(const attributes& a, const shape* operands, int) {
        shape_result result;
        for (int i = 0; i < operands[0].rank; ++i)
            if (!(a.axes >> i & 1u)) result.value.push_back(operands[0][i]);
        return result;
    }
    static constexpr unsigned cut_operands(const attributes& a, const shape&) { return detail::all_unless_outermost(a, 1); }
    static constexpr auto pullback(auto g, auto y, auto x) { return std::tuple{ast::apply_with<pad_edge_op>(y.attr(), g, x)}; }
    static constexpr auto tangent(auto y, auto, auto t) { return ast::apply_with<edge_op>(y.attr(), t); }

    template <class T>
    static void run(const whole_call<T, 1>& call) {
        const whole_array<const T>& x = call[0];
        const std::ptrdiff_t n = x.extent(call.axis()), inner = x.stride(call.axis());
        const std::ptrdiff_t outer = x.outer(call.axis()), at = call.number != 0 ? n - 1 : 0;
        for (std::ptrdiff_t o = 0; o < outer; ++o) std::copy_n(x.data + (o * n + at) * inner, inner, call.result.data + o * inner);
    }
};

namespace detail {
template <bool Last>
struct edge_function {
    template <ast::symbolic X, class Axes>
    constexpr auto operator()(X x, Axes) const {
        if constexpr (is_bad<X>) {
            return x;
        } else {
            constexpr int axis = single_axis(ast::node_traits<X>::of()->extents, Axes{});
            static_assert(axis >= 0, XGRAD_ONE_AXIS_SENTENCE);
            if constexpr (ast::node_traits<X>::of()->extents.rank > 1) {
                return ast::apply<edge_op, attributes{.axes = 1u << (axis < 0 ? 0 : axis), .number = Last}>(x);
            } else {
                return of_numbers(x);
            }
        }
    }
    /// last_of(axis)(x) = last_of(x, axis): as a layer, what the last step has; first_of(axis) likewise.
    ///
    /// Formula     x_s, s the last step of the axis
    /// Gradient    g at that step, 0 elsewhere
    /// Shape       x [S...] with the axis anywhere  ->  [S... without the axis]
    /// Limits      filling counts as well; behind a layer with step_mask and states, such as lstm, the last step has the state of the last one that is there
    /// Source      Keras's recurrent layers with return_sequences=False
    /// Catalogue   layer
    template <class Axes>
        requires is_axes<Axes>
    constexpr along_axes<edge_function, Axes> operator()(Axes) const {
        return {};
    }

private:
    /// The op's results are arrays; of one number a sum that chooses it.
    template <class X>
    static constexpr auto of_numbers(X x) {
        const auto place = positions_along<ast::node_traits<X>::of(), 0>();
        if constexpr (Last) {
            return ast::sum(ast::select(place == reduce<count_op>(x, axis_positions<0>{}) - number<1.0>, x, number<0.0>));
        } else {
            return ast::sum(ast::select(place == number<0.0>, x, number<0.0>));
        }
    }
};
}  // namespace detail
inline constexpr detail::edge_function<false> first_of{};
inline constexpr detail::edge_function<true> last_of{};

}  // namespace xgrad
