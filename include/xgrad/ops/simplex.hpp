// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/indicator.hpp>
#include <xgrad/ops/compare.hpp>
#include <xgrad/ops/whole.hpp>

namespace xgrad::detail {

/// What maps of a row of scores onto the probability simplex share, those that give small scores no probability at all. With d the scores
/// less the largest, times `Op::scale`, only a d above -1 can be in the support; `Op::threshold` is told these, the largest first, and
/// gives the tau below which nothing is; `Op::probability` makes a probability of d - tau.
template <class Op>
struct onto_simplex : whole<1> {
    static constexpr domain range = domain::probability;
    static constexpr int scratch = 1;

    static constexpr shape_result shape_rule(const attributes&, const shape* operands, int) {
        if (operands[0].rank < 1) return {{}, 1, operands[0].rank, 1};
        return {operands[0]};
    }
    template <int Rule, std::int64_t A, std::int64_t B>
    static constexpr auto report() {
        static_assert(A >= B, "xgrad::sparsemax(x), xgrad::entmax15(x): x needs an axis of classes, its last.");
    }
    static constexpr unsigned cut_operands(const attributes&, const shape& result) { return result.rank > 1 ? 1 : 0; }
    static constexpr auto pullback(auto g, auto y, auto) { return std::tuple{Op::along(g, y)}; }
    static constexpr auto tangent(auto y, auto, auto t) { return Op::along(t, y); }

    template <class T>
    static void run(const whole_call<T, 1>& call) {
        const std::ptrdiff_t n = call[0].extent(call[0].rank - 1), rows = call[0].elements() / n;
        for (std::ptrdiff_t r = 0; r < rows; ++r) row(call[0].data + r * n, call.result.data + r * n, n, static_cast<T*>(call.scratch));
    }

protected:
    /// s (g - sum(s g) / sum(s)) over the last axis: the derivative, symmetric, along g. s says how fast each probability grows.
    static constexpr auto centred(auto s, auto g) {
        const auto last = 1u << (s.shape().rank - 1);
        return s * (g - ((s * g).sum(last) / s.sum(last)).insert_axes(last, s));
    }

private:
    template <class T>
    static double below(T x, T largest) {
        return Op::scale * (static_cast<double>(x) - static_cast<double>(largest));
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
            if (below(x[i], largest) > -1) near[count++] = x[i];
        std::sort(near, near + count, [](T a, T b) { return a > b; });
        const double tau = Op::threshold(count, [&](std::ptrdiff_t k) { return below(near[k], largest); });
        for (std::ptrdiff_t i = 0; i < n; ++i) y[i] = static_cast<T>(Op::probability(std::max(below(x[i], largest) - tau, 0.0)));
    }
};

}  // namespace xgrad::detail
