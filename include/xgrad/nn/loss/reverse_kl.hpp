// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/softmax_options.hpp>

namespace xgrad {

/// reverse_kl(z, q) = sum(p (log p - log q)), p = softmax(z): KL(p, q), which seeks one mode of q. p = 0 counts 0.
///
/// Formula     sum p (log p - log q)
/// Gradient    p (log p - log q - loss)
/// Shape       z logits, q [S..., C]  ->  [S...]
/// Options     log_target: log q is given in place of q; those of every loss
/// Limits      infinite where q = 0 and p > 0
/// Source      Kullback and Leibler 1951; Gu et al., MiniLLM, 2024
/// Catalogue   loss, softmax family
template <ast::symbolic Z, ast::symbolic Q, class... Options>
constexpr auto reverse_kl(Z given, Q wanted, Options... options) {
    const auto target = detail::distribution_for(given, wanted);
    const auto z = counted(given, number<0.0>, options...);
    const auto p = softmax(z);
    const auto log_q = [&] {
        if constexpr (detail::has_option<option_kind::log_target, Options...>) {
            return counted(target, number<0.0>, options...);
        } else {
            return log(counted(target, number<1.0>, options...));
        }
    }();
    const auto ratio = select(p == number<0.0>, number<0.0>, log_softmax(z) - log_q);
    return reduced<option_kind::log_target>(sum(p * ratio, axes<-1>), nothing, nothing, options...);
}

}  // namespace xgrad
