// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/arguments.hpp>

namespace xgrad {

/// cross_entropy_of(target, predicted) = -sum(target log predicted) over the last axis: H(P, Q) of two distributions.
/// A target of 0 counts nothing. On logits use cross_entropy, which is exact.
///
/// Formula     -sum(target log predicted)
/// Gradient    -target / predicted
/// Shape       target, predicted [S..., C]  ->  [S...]
/// Domain      both probabilities
/// Options     those of every loss
/// Source      Shannon 1948
/// Catalogue   loss, softmax family
template <ast::symbolic P, ast::symbolic Q, class... Options>
constexpr auto cross_entropy_of(P wanted, Q given, Options... options) {
    static_assert(is_bad<Q> || detail::is_probability<Q>(),
                  "xgrad::cross_entropy_of(target, predicted): predicted must be a probability. "
                  "Fix: pass logits to cross_entropy(z, target), or declare the input with probability_input.");
    const auto target = detail::distribution_for(given, wanted);
    const auto predicted = counted(given, number<1.0>, options...);
    return reduced(-sum(select(target == number<0.0>, number<0.0>, target * log(predicted)), axes<-1>), nothing, nothing, options...);
}

}  // namespace xgrad
