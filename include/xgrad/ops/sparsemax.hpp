// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/simplex.hpp>

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
struct sparsemax_op : detail::onto_simplex<sparsemax_op> {
    static constexpr std::string_view name = "sparsemax";
    static constexpr double scale = 1;

    static double threshold(std::ptrdiff_t count, auto d) {
        double total = 0, tau = -1;
        for (std::ptrdiff_t k = 0; k < count; ++k) {
            total += d(k);
            if (1 + static_cast<double>(k + 1) * d(k) > total) tau = (total - 1) / static_cast<double>(k + 1);
        }
        return tau;
    }
    static double probability(double above) { return above; }
    static constexpr auto along(auto g, auto y) { return centred(ast::apply<indicator_op>(y > constant(y, 0)), g); }
};
inline constexpr function<sparsemax_op> sparsemax{};

namespace ast {
template <expression X>
constexpr made<sparsemax_op, X> sparsemax(X x) {
    return apply<sparsemax_op>(x);
}
}  // namespace ast

}  // namespace xgrad
