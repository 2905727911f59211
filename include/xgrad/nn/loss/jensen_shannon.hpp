// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/softmax_options.hpp>

namespace xgrad {

/// jensen_shannon(z, q, beta) = beta KL(q, m) + (1 - beta) KL(p, m), m = beta q + (1 - beta) p, p = softmax(z): never above log 2.
///
/// Formula     sum beta q (log q - log m) + (1 - beta) p (log p - log m)
/// Gradient    p (r - sum p r), r = (1 - beta) (log p - log m)
/// Shape       z logits, q a distribution [S..., C]  ->  [S...]
/// Domain      0 < beta < 1, a number or an xg::scalar; 0.5 is the symmetric one
/// Options     those of every loss
/// Source      Lin, IEEE Trans. Inf. Theory 1991; generalised as in Liger-Kernel's JSD
/// Catalogue   loss, softmax family
template <ast::symbolic Z, ast::symbolic Q, ast::symbolic B, class... Options>
constexpr auto jensen_shannon(Z given, Q target, B beta_, Options... options) {
    const auto z = counted(given, number<0.0>, options...);
    const auto q = counted(detail::distribution_for(given, target), number<1.0>, options...);
    const auto p = softmax(z);
    const auto m = beta_ * q + (number<1.0> - beta_) * p;
    const auto log_m = log(select(m == number<0.0>, number<1.0>, m));
    const auto of_q = q * (log(select(q == number<0.0>, number<1.0>, q)) - log_m);
    const auto of_p = p * (select(p == number<0.0>, number<0.0>, log_softmax(z)) - log_m);
    return reduced(sum(beta_ * of_q + (number<1.0> - beta_) * of_p, axes<-1>), nothing, nothing, options...);
}

}  // namespace xgrad
