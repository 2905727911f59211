// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/indicator.hpp>
#include <xgrad/ops/compare.hpp>
#include <xgrad/ops/whole.hpp>

namespace xgrad {

/// sparsemax(x) = max(x - tau, 0): the point of the probability simplex nearest to x, with zeros where x is small.
///
/// Formula     max(x - tau, 0) along the last axis, tau such that the row's sum is 1
/// Gradient    g - mean of g over the row's support, 0 outside of it
/// Shape       x [S..., C]  ->  [S..., C]
/// Domain      real numbers, -inf included; the result is a probability
/// Limits      a NaN or +inf in a row, or a row of -inf alone, gives a row of NaN
/// Error       tau and the differences in double; rounded once
/// Method      the largest is taken off; only what is then above -1 can be in the support, and only that is sorted
/// Source      Martins and Astudillo, ICML 2016
/// Catalogue   activation
struct sparsemax_op : whole<1> {
    static constexpr std::string_view name = "sparsemax";
    static constexpr domain range = domain::probability;
    static constexpr int scratch = 1;

    static constexpr shape_result shape_rule(const attributes&, const shape* operands, int) {
        if (operands[0].rank < 1) return {{}, 1, operands[0].rank, 1};
        return {operands[0]};
    }
    template <int Rule, std::int64_t A, std::int64_t B>
    static constexpr auto report() {
        static_assert(A >= B, "xgrad::sparsemax(x): x needs an axis of classes, its last.");
    }
    static constexpr unsigned cut_operands(const attributes&, const shape& result) { return result.rank > 1 ? 1 : 0; }
    static constexpr auto pullback(auto g, auto y, auto) { return std::tuple{within_support(g, y)}; }
    static constexpr auto tangent(auto y, auto, auto t) { return within_support(t, y); }

    template <class T>
    static void run(const whole_call<T, 1>& call) {
        const std::ptrdiff_t n = call[0].extent(call[0].rank - 1), rows = call[0].elements() / n;
        for (std::ptrdiff_t r = 0; r < rows; ++r) row(call[0].data + r * n, call.result.data + r * n, n, static_cast<T*>(call.scratch));
    }

private:
    static constexpr auto within_support(auto g, auto y) {
        const auto last = 1u << (y.shape().rank - 1);
        const auto in = ast::apply<indicator_op>(y > constant(y, 0));
        return in * (g - ((in * g).sum(last) / in.sum(last)).insert_axes(last, y));
    }
    template <class T>
    static void row(const T* x, T* y, std::ptrdiff_t n, T* near) {
        T largest = x[0];
        for (std::ptrdiff_t i = 1; i < n; ++i) largest = lanes::larger(largest, x[i]);
        if (!std::isfinite(largest)) {
            std::fill_n(y, n, std::numeric_limits<T>::quiet_NaN());
            return;
        }
        std::ptrdiff_t count = 0;
        for (std::ptrdiff_t i = 0; i < n; ++i)
            if (static_cast<double>(x[i]) - static_cast<double>(largest) > -1) near[count++] = x[i];
        std::sort(near, near + count, [](T a, T b) { return a > b; });
        double total = 0, tau = -1;
        for (std::ptrdiff_t k = 0; k < count; ++k) {
            const double d = static_cast<double>(near[k]) - static_cast<double>(largest);
            total += d;
            if (1 + static_cast<double>(k + 1) * d > total) tau = (total - 1) / static_cast<double>(k + 1);
        }
        for (std::ptrdiff_t i = 0; i < n; ++i) y[i] = static_cast<T>(std::max(static_cast<double>(x[i]) - static_cast<double>(largest) - tau, 0.0));
    }
};
inline constexpr function<sparsemax_op> sparsemax{};

namespace ast {
template <expression X>
constexpr made<sparsemax_op, X> sparsemax(X x) {
    return apply<sparsemax_op>(x);
}
}  // namespace ast

}  // namespace xgrad
