// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/softmax_options.hpp>

namespace xgrad {

/// total_variation(z, q) = sum(|p - q|) / 2, p = softmax(z): the largest difference of the probabilities of one event.
///
/// Formula     sum |p - q| / 2
/// Gradient    p (r - sum p r), r = sign(p - q) / 2
/// Shape       z logits, q a distribution [S..., C]  ->  [S...]
/// Options     those of every loss
/// Source      Liger-Kernel's TVD
/// Catalogue   loss, softmax family
template <ast::symbolic Z, ast::symbolic Q, class... Options>
constexpr auto total_variation(Z given, Q target, Options... options) {
    const auto z = counted(given, number<0.0>, options...);
    const auto q = counted(detail::distribution_for(given, target), number<0.0>, options...);
    return reduced(number<0.5> * sum(abs(softmax(z) - q), axes<-1>), nothing, nothing, options...);
}

}  // namespace xgrad
