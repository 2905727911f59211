// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/axes.hpp>

#include <algorithm>

#define XGRAD_ONE_AXIS_SENTENCE \
    "xgrad: an op that works along one axis names none of its operand's, or several. Fix: positions run from 0 to rank - 1, or from -rank to -1, as in axes<-1>."

namespace xgrad {

/// An array as a loop of an op's own meets it: row-major, without gaps.
template <class T>
struct whole_array {
    T* data = nullptr;
    int rank = 0;
    std::array<std::ptrdiff_t, max_rank> extents{};

    std::ptrdiff_t elements() const { return stride(-1); }
    /// Elements between neighbours along one axis.
    std::ptrdiff_t stride(int axis) const {
        std::ptrdiff_t n = 1;
        for (int i = axis + 1; i < rank; ++i) n *= extents[static_cast<std::size_t>(i)];
        return n;
    }
    std::ptrdiff_t extent(int axis) const { return extents[static_cast<std::size_t>(axis)]; }
    /// Steps before an axis: element (o, k, i) along it lies at (o * extent(axis) + k) * stride(axis) + i.
    std::ptrdiff_t outer(int axis) const { return elements() / (extent(axis) * stride(axis)); }
};

/// A matrix as a side of a product: element (i, k) is data[i * row + k * column].
template <class T>
struct whole_matrix {
    T* data;
    std::ptrdiff_t row, column;
};

/// What `run` of such an op is given: the arrays, the attributes, and memory for `scratch` numbers of T for each element of a line,
/// the last axis of its first operand. Labels are numbers of T, an ignored one is -1.
template <class T, int N>
struct whole_call {
    whole_array<T> result{};
    std::array<whole_array<const T>, static_cast<std::size_t>(N)> operands{};
    std::uint32_t axes = 0;
    double number = 0;
    void* scratch = nullptr;
    bool goes_on = false;  ///< a later step of a loop: the operands that are not cut are those of the step before, and `scratch` is as that has left it

    const whole_array<const T>& operator[](std::size_t k) const { return operands[k]; }
    /// The one axis that `axes` names.
    int axis() const {
        int i = 0;
        while (!(axes >> i & 1u)) ++i;
        return i;
    }
};

/// An op whose result is made by a loop of its own, for what no kernel of the planner's does: rows found by an index, sorting, sums
/// that run along. Its operands and its result are arrays in memory; its kernel is not fused with others. Give it `shape_rule`,
/// `pullback`, `tangent`, and
///
///     template <class T>
///     static void run(const xg::whole_call<T, arity>& call);     // writes every element of call.result
///
/// Of its attributes it may use `axes` (of the first 24) and `number`. Its result must follow from its operands alone.
template <int N>
struct whole : op_defaults {
    static constexpr op_kind kind = op_kind::whole;
    static constexpr int arity = N;
    static constexpr bool heavy = true;
    /// Numbers of scratch memory for each element of a line. An op that needs another amount, or works in vectors, brings
    /// `run(call, L)` and `scratch_bytes(call, L)`, L being the lanes (kernel/lanes.hpp); the latter sees the extents, not the data.
    static constexpr int scratch = 0;
    /// Whether those are lanes of double whatever the numbers are, or of the numbers' own type.
    static constexpr bool lanes_of_double = true;
    /// Whether it multiplies matrices: `run(call, L, M)` and `scratch_bytes(call, L, M)` are then given the products of kernel/whole.hpp too.
    static constexpr bool multiplies = false;
    /// A bit for each operand that is cut along its outermost axis as the result is, where threads may share that axis: each step
    /// along it is then made of the same steps of these and of the whole of the others. 0: one thread.
    static constexpr unsigned cut_operands(const attributes&, const shape&) { return 0; }
    /// Where a training step writes the result to what the first operand is, the two are one array, in which `run` need write only what changes.
    static constexpr bool overwrites_first = false;
};

namespace ast {
/// The node of an op with attributes that are known only in the graph. (A copy: those of a node move when the graph grows.)
template <class Op, reference... X>
constexpr typename first_reference<X...>::type apply_with(attributes attr, X... x) {
    return apply_in_graph<Op>(attr, x...);
}
}  // namespace ast

namespace detail {
/// Every operand, where the work along `axes` leaves the outermost axis alone.
constexpr unsigned all_unless_outermost(const attributes& a, int arity) { return a.axes & 1u ? 0u : (1u << arity) - 1; }

/// Two whole numbers below 2^26 in an attribute.
constexpr double packed_pair(std::int64_t a, std::int64_t b) { return static_cast<double>(a) * 67108864.0 + static_cast<double>(b); }
constexpr std::int64_t first_of_pair(double pair) { return static_cast<std::int64_t>(pair) >> 26; }
constexpr std::int64_t second_of_pair(double pair) { return static_cast<std::int64_t>(pair) & 67108863; }

/// The one axis that a call names by position or by name: its number, or -1 where there is no such axis or more than one.
template <class Axes>
constexpr int single_axis(const shape& s, Axes which) {
    const std::uint32_t mask = axes_mask(s, which);
    for (int i = 0; i < s.rank; ++i)
        if (mask == 1u << i) return i;
    return -1;
}
constexpr int axis_of(const attributes& a) {
    int i = 0;
    while (!(a.axes >> i & 1u)) ++i;
    return i;
}
/// The call of an op that works along one axis.
template <class Op, class Axes, class X>
constexpr auto along_one_axis(X x) {
    if constexpr (is_bad<X>) {
        return x;
    } else {
        constexpr int axis = single_axis(ast::node_traits<X>::of()->extents, Axes{});
        static_assert(axis >= 0, XGRAD_ONE_AXIS_SENTENCE);
        return ast::apply<Op, attributes{.axes = 1u << (axis < 0 ? 0 : axis)}>(x);
    }
}
}  // namespace detail

}  // namespace xgrad
