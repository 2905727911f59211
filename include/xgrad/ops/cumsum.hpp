// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/whole.hpp>

namespace xgrad {

/// cumsum(x), cumsum(x, axes<0>): running sums along one axis, the last unless said otherwise: y_k = x_0 + ... + x_k.
///
/// Shape       [S...]  ->  [S...]
/// Derivative  running sums of g from the end
/// Error       added up in double, one element after the other; rounded once for each element of the result
struct cumsum_op : whole<1> {
    static constexpr std::string_view name = "cumsum";

    /// attributes::number 1: from the end.
    static constexpr shape_result shape_rule(const attributes&, const shape* operands, int) { return {operands[0]}; }
    static constexpr unsigned cut_operands(const attributes& a, const shape&) { return detail::all_unless_outermost(a, 1); }
    static constexpr auto pullback(auto g, auto y, auto) { return std::tuple{turned(y.attr(), g)}; }
    static constexpr auto tangent(auto y, auto, auto t) { return ast::apply_with<cumsum_op>(y.attr(), t); }

    template <class T>
    static void run(const whole_call<T, 1>& call) {
        const whole_array<const T>& x = call[0];
        const std::ptrdiff_t n = x.extent(call.axis()), inner = x.stride(call.axis()), outer = x.outer(call.axis());
        constexpr std::ptrdiff_t side_by_side = 64;
        double sums[side_by_side];
        for (std::ptrdiff_t o = 0; o < outer; ++o)
            for (std::ptrdiff_t first = 0; first < inner; first += side_by_side) {
                const std::ptrdiff_t count = std::min(side_by_side, inner - first);
                std::fill_n(sums, count, 0.0);
                for (std::ptrdiff_t k = 0; k < n; ++k) {
                    const std::ptrdiff_t at = (o * n + (call.number == 0 ? k : n - 1 - k)) * inner + first;
                    for (std::ptrdiff_t i = 0; i < count; ++i) {
                        sums[i] += static_cast<double>(x.data[at + i]);
                        call.result.data[at + i] = static_cast<T>(sums[i]);
                    }
                }
            }
    }

private:
    static constexpr auto turned(attributes a, auto g) {
        a.number = 1 - a.number;
        return ast::apply_with<cumsum_op>(a, g);
    }
};
inline constexpr struct {
    template <ast::symbolic X, class Axes = axis_positions<-1>>
    constexpr auto operator()(X x, Axes = {}) const {
        return detail::along_one_axis<cumsum_op, Axes>(x);
    }
} cumsum{};

}  // namespace xgrad
