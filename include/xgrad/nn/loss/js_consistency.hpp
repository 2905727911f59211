// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/softmax_options.hpp>

namespace xgrad {

/// js_consistency(z, ...) = mean over the arguments of KL(softmax(z_k), m), m the mean of the softmaxes: views of one sample agree.
/// AugMix's loss is cross_entropy(z1, t) + 12_c * js_consistency(z1, z2, z3).
///
/// Formula     mean_k sum p_k (log p_k - log m), m = mean_k p_k
/// Gradient    z_k: p_k (r - sum p_k r) / K, r = log p_k - log m
/// Shape       each z logits [S..., C]  ->  [S...]
/// Source      Hendrycks et al., AugMix, ICLR 2020; timm JsdCrossEntropy
/// Catalogue   loss, softmax family
template <ast::symbolic... Z>
constexpr auto js_consistency(Z... z) {
    static_assert(sizeof...(Z) >= 2, "xgrad::js_consistency(z1, z2, ...): it compares at least two.");
    constexpr auto share = number<1.0 / static_cast<double>(sizeof...(Z))>;
    const auto m = share * (softmax(z) + ...);
    const auto log_m = log(select(m == number<0.0>, number<1.0>, m));
    const auto divergence = [&](auto one) { return softmax(one) * (select(softmax(one) == number<0.0>, number<0.0>, log_softmax(one)) - log_m); };
    return sum(share * (divergence(z) + ...), axes<-1>);
}

}  // namespace xgrad
