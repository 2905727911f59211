// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/numbers.hpp>

namespace xgrad::detail {

/// z seen from its label: z where y is 1, -z where y is 0. sigmoid of it is the probability given to the right label.
template <class Z, class Y>
constexpr auto towards_label(Z z, Y y) {
    return select(y > number<0.5>, z, -z);
}
/// (1 - sigmoid(u))^gamma without a power of 0: finite for every gamma >= 0, as is its derivative.
template <class U, class Gamma>
constexpr auto focal_factor(U u, Gamma gamma) {
    return exp(-(gamma * softplus(u)));
}
/// alpha for positives, 1 - alpha for negatives; rows as they are where alpha is the constant -1.
template <class Rows, class Y, class Alpha>
constexpr auto balanced(Rows rows, Y y, Alpha alpha) {
    if constexpr (is_number<Alpha>(-1)) {
        return rows;
    } else {
        return select(y > number<0.5>, alpha, number<1.0> - alpha) * rows;
    }
}

}  // namespace xgrad::detail
