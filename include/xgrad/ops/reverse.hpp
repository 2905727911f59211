// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/whole.hpp>

namespace xgrad {

/// reverse(x), reverse(x, axes<0>): the elements along one axis from last to first; the last axis unless said otherwise.
///
/// Shape       [S...]  ->  [S...]
/// Derivative  reverse(g)
struct reverse_op : whole<1> {
    static constexpr std::string_view name = "reverse";
    static constexpr bool exact = true;

    static constexpr shape_result shape_rule(const attributes&, const shape* operands, int) { return {operands[0]}; }
    static constexpr unsigned cut_operands(const attributes& a, const shape&) { return detail::all_unless_outermost(a, 1); }
    static constexpr auto pullback(auto g, auto y, auto) { return std::tuple{ast::apply_with<reverse_op>(y.attr(), g)}; }
    static constexpr auto tangent(auto y, auto, auto t) { return ast::apply_with<reverse_op>(y.attr(), t); }

    template <class T>
    static void run(const whole_call<T, 1>& call) {
        const whole_array<const T>& x = call[0];
        const std::ptrdiff_t n = x.extent(call.axis()), inner = x.stride(call.axis()), outer = x.outer(call.axis());
        for (std::ptrdiff_t o = 0; o < outer; ++o)
            for (std::ptrdiff_t k = 0; k < n; ++k) std::copy_n(x.data + (o * n + n - 1 - k) * inner, inner, call.result.data + (o * n + k) * inner);
    }
};
inline constexpr struct {
    template <ast::symbolic X, class Axes = axis_positions<-1>>
    constexpr auto operator()(X x, Axes = {}) const {
        return detail::along_one_axis<reverse_op, Axes>(x);
    }
} reverse{};

}  // namespace xgrad
