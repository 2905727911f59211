// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/cross_entropy.hpp>

namespace xgrad {

namespace detail {
/// (Of the similarities' type, so that its reciprocal is made where info_nce is called: that needs graph/, which is not known here.)
template <class S>
inline constexpr auto usual_temperature = number<0.07>;
}  // namespace detail

/// info_nce(s, positives) = cross_entropy(s, positives, temperature(0.07)) of similarities s: in each row the positive is to be found
/// among all. With the cosines of a batch against itself this is NT-Xent; a row's own column is then -inf.
///
/// Formula     -log(e^(s_t / T) / sum_j e^(s_j / T))
/// Gradient    (p - one_hot(t)) / T
/// Shape       s [S..., C] similarities; positives labels [S...] or a distribution [S..., C]  ->  [S...]
/// Options     temperature(T), 0.07 if nothing is said; those of cross_entropy
/// Source      van den Oord et al., 2018; Chen et al., SimCLR, ICML 2020; temperature: He et al., MoCo, CVPR 2020
/// Catalogue   loss, ranking
template <ast::symbolic S, ast::symbolic T, class... Options>
constexpr auto info_nce(S similarity, T positives, Options... options) {
    if constexpr (detail::has_option<option_kind::logit_scale, Options...>) {
        return cross_entropy(similarity, positives, options...);
    } else {
        return cross_entropy(similarity, positives, temperature(detail::usual_temperature<S>), options...);
    }
}

}  // namespace xgrad
