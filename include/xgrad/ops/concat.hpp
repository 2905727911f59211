// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/slice.hpp>

namespace xgrad {

/// concat(a, b, ...), concat(a, b, ..., axes<k>): arrays one after the other along one axis, the last unless said otherwise.
///
/// Formula     a_1, ..., a_M, b_1, ..., b_N, ... along the axis
/// Gradient    each operand's slice of g
/// Shape       a [S..., M], b [S..., N], ...  ->  [S..., M + N + ...]; the extents along the axis are known to the compiler
/// Errors      different ranks, different extents of the other axes, an axis with a name
/// Source      NumPy concatenate
/// Catalogue   layer
template <int N>
struct concat_op : whole<N> {
    static constexpr std::string_view name = "concat";
    static constexpr bool exact = true;

    static constexpr shape_result shape_rule(const attributes& a, const shape* operands, int count) {
        const int axis = detail::axis_of(a);
        shape_result result{operands[0]};
        std::int64_t total = 0;
        for (int k = 0; k < count; ++k) {
            const shape& s = operands[k];
            if (s.rank != operands[0].rank) return {{}, 1, s.rank, operands[0].rank};
            for (int i = 0; i < s.rank; ++i)
                if (i != axis && !(s[i] == operands[0][i])) return {{}, 2, operands[0][i].size, s[i].size};
            if (s[axis].is_dynamic()) return {{}, 3, 0, 1};
            total += s[axis].size;
        }
        result.value[axis] = {total, nullptr};
        return result;
    }
    template <int Rule, std::int64_t A, std::int64_t B>
    static constexpr auto report() {
        if constexpr (Rule == 1) {
            static_assert(A == B, "xgrad::concat(a, b, axes): the operands must have equal ranks. Fix: reshape one of them.");
        } else if constexpr (Rule == 2) {
            static_assert(A == B && Rule != 2, "xgrad::concat(a, b, axes): all axes but the one they are joined along must have equal extents. Fix: check the axis.");
        } else {
            static_assert(A == B, "xgrad::concat(a, b, axes): the extents along the axis must be numbers. Fix: declare them as 32_c, not with a name.");
        }
    }
    static constexpr unsigned cut_operands(const attributes& a, const shape&) { return detail::all_unless_outermost(a, N); }
    static constexpr auto pullback(auto g, auto y, auto... x) {
        std::int64_t from = 0;
        auto part = [&](auto operand) {
            const std::int64_t count = operand.shape()[detail::axis_of(y.attr())].size;
            const double range = detail::packed_pair(from, count);
            from += count;
            return ast::apply_with<slice_op>(attributes{.axes = y.attr().axes, .number = range}, g);
        };
        return std::tuple{part(x)...};
    }
    static constexpr auto tangent(auto y, auto... x_then_t) {
        return [&]<std::size_t... K>(std::index_sequence<K...>) {
            const auto all = std::tie(x_then_t...);
            return ast::apply_with<concat_op>(y.attr(), std::get<K + static_cast<std::size_t>(N)>(all)...);
        }(std::make_index_sequence<static_cast<std::size_t>(N)>{});
    }

    template <class T>
    static void run(const whole_call<T, N>& call) {
        T* to = call.result.data;
        const std::ptrdiff_t outer = call.result.outer(call.axis());
        for (std::ptrdiff_t o = 0; o < outer; ++o)
            for (const whole_array<const T>& x : call.operands) {
                const std::ptrdiff_t count = x.extent(call.axis()) * x.stride(call.axis());
                to = std::copy_n(x.data + o * count, count, to);
            }
    }
};

namespace detail {
template <std::uint32_t Axes, class A>
constexpr auto joined_along(A a) {
    return a;
}
/// As many at once as an op takes, then the rest.
template <std::uint32_t Axes, class... X>
    requires(sizeof...(X) > 1 && sizeof...(X) <= static_cast<std::size_t>(max_arity))
constexpr auto joined_along(X... x) {
    return ast::apply<concat_op<static_cast<int>(sizeof...(X))>, attributes{.axes = Axes}>(x...);
}
template <std::uint32_t Axes, class A, class B, class C, class D, class... X>
    requires(sizeof...(X) + 4 > static_cast<std::size_t>(max_arity))
constexpr auto joined_along(A a, B b, C c, D d, X... x) {
    return joined_along<Axes>(joined_along<Axes>(a, b, c, d), x...);
}

struct concat_function {
    template <ast::symbolic... X>
        requires(sizeof...(X) > 0)
    constexpr auto operator()(X... x) const {
        return along<axis_positions<-1>>(x...);
    }
    /// The axis comes last.
    template <class... X>
        requires(sizeof...(X) > 1 && !(ast::symbolic<X> && ...))
    constexpr auto operator()(X... x) const {
        using all = std::tuple<X...>;
        return [&]<std::size_t... K>(std::index_sequence<K...>) {
            const all given{x...};
            return along<std::tuple_element_t<sizeof...(X) - 1, all>>(std::get<K>(given)...);
        }(std::make_index_sequence<sizeof...(X) - 1>{});
    }

private:
    template <class Axes, class First, class... X>
    static constexpr auto along(First first, X... x) {
        if constexpr (is_bad<First>) {
            return first;
        } else {
            constexpr int axis = single_axis(ast::node_traits<First>::of()->extents, Axes{});
            static_assert(axis >= 0, XGRAD_ONE_AXIS_SENTENCE);
            return joined_along<1u << (axis < 0 ? 0 : axis)>(first, x...);
        }
    }
};
}  // namespace detail
inline constexpr detail::concat_function concat{};

}  // namespace xgrad
