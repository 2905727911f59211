// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/arguments.hpp>

namespace xgrad {

/// binary_cross_entropy(p, y) = -y log p - (1 - y) log(1 - p), both terms.
///
/// Formula     -y log p - (1 - y) log(1 - p)
/// Gradient    (p - y) / (p (1 - p))
/// Shape       p, y [S...]  ->  [S...]
/// Domain      p a probability (a sigmoid, or an input declared as one); y in [0, 1]
/// Method      where p is a sigmoid the logarithms become softplus: exact on both sides. Otherwise log p and log1p(-p)
/// Options     those of every loss
/// Source      Good, JRSS B 1952
/// Catalogue   loss, binary
template <ast::symbolic P, ast::symbolic Y, class... Options>
constexpr auto binary_cross_entropy(P given, Y y, Options... options) {
    static_assert(is_bad<P> || detail::is_probability<P>(),
                  "xgrad::binary_cross_entropy(p, y): p must be a probability. "
                  "Fix: pass logits to binary_cross_entropy_with_logits(z, y), or end the model with a sigmoid.");
    const auto p = counted(given, number<0.5>, options...);
    return reduced(-y * log(p) - (number<1.0> - y) * log(number<1.0> - p), nothing, nothing, options...);
}

/// binary_cross_entropy_with_logits(z, y) = y softplus(-z) + (1 - y) softplus(z).
///
/// Formula     y softplus(-z) + (1 - y) softplus(z)
/// Gradient    sigmoid(z) - y
/// Shape       z, y [S...]  ->  [S...]
/// Domain      z real: the number before the sigmoid; y in [0, 1]
/// Options     those of every loss
/// Source      Cox, JRSS B 1958
/// Catalogue   loss, binary
template <ast::symbolic Z, ast::symbolic Y, class... Options>
constexpr auto binary_cross_entropy_with_logits(Z given, Y y, Options... options) {
    static_assert(!detail::is_probability<Z>(),
                  "xgrad::binary_cross_entropy_with_logits(z, y): z is a probability already, and the sigmoid would be applied twice. "
                  "Fix: drop the sigmoid at the end of the model, or call binary_cross_entropy(p, y).");
    const auto z = counted(given, number<0.0>, options...);
    return reduced(y * softplus(-z) + (number<1.0> - y) * softplus(z), nothing, nothing, options...);
}

}  // namespace xgrad
