// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/softmax_options.hpp>

namespace xgrad {

/// kl_divergence(z, q) = sum(q (log q - log softmax(z))), KL(q, p) of a wanted distribution q from the model's. q = 0 counts 0.
///
/// Formula     sum q (log q - log p)
/// Gradient    sum(q) p - q
/// Shape       z logits (or logarithms of probabilities), q [S..., C]  ->  [S...]
/// Options     log_target: log q is given in place of q; those of every loss. reduction<"batch_mean"> is the divergence's mean
/// Source      Kullback and Leibler 1951; PyTorch KLDivLoss on log_softmax(z)
/// Catalogue   loss, softmax family
template <ast::symbolic Z, ast::symbolic Q, class... Options>
constexpr auto kl_divergence(Z given, Q wanted, Options... options) {
    const auto target = detail::distribution_for(given, wanted);
    const auto log_p = log_softmax(counted(given, number<0.0>, options...));
    const auto terms = [&] {
        if constexpr (detail::has_option<option_kind::log_target, Options...>) {
            const auto out = target == number<detail::minus_infinity>;
            return select(out, number<0.0>, exp(target) * (select(out, number<0.0>, target) - select(out, number<0.0>, log_p)));
        } else {
            const auto out = target == number<0.0>;
            return select(out, number<0.0>, target * (log(select(out, number<1.0>, target)) - select(out, number<0.0>, log_p)));
        }
    }();
    return reduced<option_kind::log_target>(sum(terms, axes<-1>), nothing, nothing, options...);
}

}  // namespace xgrad
