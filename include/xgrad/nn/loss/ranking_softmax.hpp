// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/cross_entropy.hpp>

namespace xgrad {

/// ranking_softmax(x, y) = -sum(y log softmax(x)) over the items of a list that count, y their relevance, of any sum.
///
/// Formula     -sum y_i log p_i, p the softmax over the items that count
/// Gradient    sum(y) p - y, 0 at items that do not count
/// Shape       x scores, y relevance [S..., items]  ->  [S...]
/// Options     item_mask(m), m boolean [S..., items]: items where it is false are not in the list; those of every loss
/// Limits      a list without items, or without relevant ones, gives 0
/// Source      Cao et al., ListNet, ICML 2007; Optax ranking_softmax_loss
/// Catalogue   loss, ranking
template <ast::symbolic X, ast::symbolic Y, class... Options>
constexpr auto ranking_softmax(X given, Y relevance, Options... options) {
    const auto x = counted(given, number<0.0>, options...);
    const auto rows = [&] {
        if constexpr (detail::has_option<option_kind::item_mask, Options...>) {
            const auto in = detail::value_among<option_kind::item_mask>(options...);
            return detail::cross_entropy_rows(select(in, x, number<detail::minus_infinity>), select(in, relevance, number<0.0>), nothing, nothing);
        } else {
            return detail::cross_entropy_rows(x, relevance, nothing, nothing);
        }
    }();
    return reduced<option_kind::item_mask>(rows, nothing, nothing, options...);
}

}  // namespace xgrad
