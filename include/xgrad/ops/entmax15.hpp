// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/simplex.hpp>
#include <xgrad/ops/select.hpp>
#include <xgrad/ops/sqrt.hpp>

namespace xgrad {

/// entmax15(x) = max(x / 2 - tau, 0)^2: between softmax and sparsemax (entmax with alpha 1.5), with zeros where x is small and no corners.
///
/// Formula     max(x / 2 - tau, 0)^2 along the last axis, tau such that the row's sum is 1
/// Gradient    s (g - sum(s g) / sum(s)), s = sqrt(entmax15(x))
/// Shape       x [S..., C]  ->  [S..., C]
/// Domain      real numbers, -inf included; the result is a probability
/// Limits      a NaN or +inf in a row, or a row of -inf alone, gives a row of NaN
/// Error       tau, differences and squares in double; rounded once
/// Method      the largest is taken off; only what is then above -2 can be in the support, and only that is sorted. For each k the threshold
///             that the k largest alone would have is their mean less a root; the last that leaves its k above it is the row's
/// Source      Peters, Niculae and Martins, ACL 2019
/// Catalogue   activation
struct entmax15_op : detail::onto_simplex<entmax15_op> {
    static constexpr std::string_view name = "entmax15";
    static constexpr double scale = 0.5;

    static double threshold(std::ptrdiff_t count, auto d) {
        double mean = 0, squares = 0, tau = -1;  // squares of the distances from the mean: nothing cancels
        for (std::ptrdiff_t k = 0; k < count; ++k) {
            const double size = static_cast<double>(k + 1), apart = d(k) - mean;
            mean += apart / size;
            squares += apart * (d(k) - mean);
            if (squares > 1) break;
            const double of_these = mean - std::sqrt((1 - squares) / size);
            if (of_these > d(k)) break;
            tau = of_these;
        }
        return tau;
    }
    static double probability(double above) { return above * above; }
    static constexpr auto along(auto g, auto y) {
        const auto zero = constant(y, 0);
        const auto in = y > zero;
        return centred(ast::apply<select_op>(in, ast::apply<sqrt_op>(ast::apply<select_op>(in, y, constant(y, 1))), zero), g);  // no root of 0, which has no derivative
    }
};
inline constexpr function<entmax15_op> entmax15{};

namespace ast {
template <expression X>
constexpr made<entmax15_op, X> entmax15(X x) {
    return apply<entmax15_op>(x);
}
}  // namespace ast

}  // namespace xgrad
