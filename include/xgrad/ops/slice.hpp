// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/whole.hpp>

namespace xgrad {

struct slice_op;

/// The cotangent of a slice's operand: the slice's in its place among zeros.
struct pad_op : whole<1> {
    static constexpr std::string_view name = "pad";
    static constexpr bool exact = true;

    /// attributes::number: where the slice began, and the extent it was cut from.
    static constexpr shape_result shape_rule(const attributes& a, const shape* operands, int) {
        shape_result result{operands[0]};
        result.value[detail::axis_of(a)] = {detail::second_of_pair(a.number), nullptr};
        return result;
    }
    static constexpr unsigned cut_operands(const attributes& a, const shape&) { return detail::all_unless_outermost(a, 1); }
    static constexpr auto pullback(auto g, auto y, auto x) { return std::tuple{cut_as(y.attr(), x.shape(), g)}; }
    static constexpr auto tangent(auto y, auto, auto t) { return ast::apply_with<pad_op>(y.attr(), t); }

    template <class T>
    static void run(const whole_call<T, 1>& call) {
        const whole_array<const T>& x = call[0];
        const std::ptrdiff_t n = x.extent(call.axis()), inner = x.stride(call.axis()), outer = x.outer(call.axis());
        const std::ptrdiff_t before = detail::first_of_pair(call.number), after = detail::second_of_pair(call.number) - before - n;
        T* to = call.result.data;
        for (std::ptrdiff_t o = 0; o < outer; ++o) {
            to = std::fill_n(to, before * inner, T{0});
            to = std::copy_n(x.data + o * n * inner, n * inner, to);
            to = std::fill_n(to, after * inner, T{0});
        }
    }

private:
    static constexpr auto cut_as(attributes a, const shape& wanted, auto g) {
        a.number = detail::packed_pair(detail::first_of_pair(a.number), wanted[detail::axis_of(a)].size);
        return ast::apply_with<slice_op>(a, g);
    }
};

/// slice<from, to>(x), slice<from, to>(x, axes<k>): elements from, ..., to - 1 along one axis, the last unless said otherwise.
/// Below 0 they count from the end, as in slice<0, -1>(x).
///
/// Shape       [S...]  ->  [S... with to - from in place of the axis], whose extent is known to the compiler
/// Derivative  g in its place among zeros
/// Errors      an axis with a name, a range that is empty or reaches beyond the axis
struct slice_op : whole<1> {
    static constexpr std::string_view name = "slice";
    static constexpr bool exact = true;

    /// attributes::number: the first element and how many.
    static constexpr shape_result shape_rule(const attributes& a, const shape* operands, int) {
        shape_result result{operands[0]};
        result.value[detail::axis_of(a)] = {detail::second_of_pair(a.number), nullptr};
        return result;
    }
    static constexpr unsigned cut_operands(const attributes& a, const shape&) { return detail::all_unless_outermost(a, 1); }
    static constexpr auto pullback(auto g, auto y, auto x) {
        attributes a = y.attr();
        a.number = detail::packed_pair(detail::first_of_pair(a.number), x.shape()[detail::axis_of(a)].size);
        return std::tuple{ast::apply_with<pad_op>(a, g)};
    }
    static constexpr auto tangent(auto y, auto, auto t) { return ast::apply_with<slice_op>(y.attr(), t); }

    template <class T>
    static void run(const whole_call<T, 1>& call) {
        const whole_array<const T>& x = call[0];
        const std::ptrdiff_t n = x.extent(call.axis()), inner = x.stride(call.axis()), outer = x.outer(call.axis());
        const std::ptrdiff_t from = detail::first_of_pair(call.number), count = detail::second_of_pair(call.number);
        for (std::ptrdiff_t o = 0; o < outer; ++o) std::copy_n(x.data + (o * n + from) * inner, count * inner, call.result.data + o * count * inner);
    }
};

template <std::int64_t From, std::int64_t To, ast::symbolic X, class Axes = axis_positions<-1>>
constexpr auto slice(X x, Axes = {}) {
    if constexpr (is_bad<X>) {
        return x;
    } else {
        constexpr const shape& s = ast::node_traits<X>::of()->extents;
        constexpr int axis = detail::single_axis(s, Axes{});
        static_assert(axis >= 0, XGRAD_ONE_AXIS_SENTENCE);
        constexpr extent along = s[axis < 0 ? 0 : axis];
        static_assert(axis < 0 || !along.is_dynamic(), "xgrad::slice<from, to>(x, axes): the extent of the axis must be a number. Fix: declare it as 32_c, not with a name.");
        constexpr std::int64_t from = From < 0 ? From + along.size : From, to = To < 0 ? To + along.size : To;
        static_assert(axis < 0 || along.is_dynamic() || (0 <= from && from < to && to <= along.size && along.size < (std::int64_t{1} << 26)),
                      "xgrad::slice<from, to>(x, axes): 0 <= from < to <= the axis's extent must hold, below 2^26. Fix: the last element is the one before to.");
        if constexpr (axis < 0 || along.is_dynamic()) {
            return x;
        } else if constexpr (from == 0 && to == along.size) {
            return x;
        } else {
            return ast::apply<slice_op, attributes{.axes = 1u << axis, .number = detail::packed_pair(from, to - from)}>(x);
        }
    }
}

}  // namespace xgrad
