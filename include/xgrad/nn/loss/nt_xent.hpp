// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/distance.hpp>
#include <xgrad/nn/loss/info_nce.hpp>

namespace xgrad {

namespace detail {
/// log sum e^s over what stands beside each row, of another pair than the row's; -1e30 and not -inf where there is none, as in circle.
template <class S, class Counts>
constexpr auto lse_of_others(S s, Counts counts) {
    constexpr const record* r = ast::node_traits<S>::of();
    const auto other = positions_along<r, 0>() != positions_along<r, 1>();
    return logsumexp(select(both(other, counts), s, number<-1e30>), axes<-1>);
}
}  // namespace detail

/// nt_xent(a, b) = cross-entropy of telling the other view of a row from all other rows of both views; a_i and b_i are the views of row i.
///
/// Formula     (softplus(o_i - s_i) + softplus(o'_i - s_i)) / 2, s_i = cos(a_i, b_i) / T, o_i = log sum over j != i of e^(cos(a_i, a_j) / T) +
///             e^(cos(a_i, b_j) / T), o'_i the same of b_i: each softplus is -log(e^s_i / (e^s_i + e^o_i))
/// Gradient    that of the softplus terms by the cosines; a_i: the sum of what its cosines get times (b_j - cos a_i) / |a_i|, likewise a_j; b likewise
/// Shape       a, b [N, D] embeddings  ->  [N], the mean of a row's two terms
/// Options     temperature(T), 0.07 if nothing is said; epsilon(1e-8_c), the least norm; those of every loss
/// Limits      0 where there is one row; rows that a row_mask skips are nobody's negatives
/// Method      softplus keeps its digits where the two views are much closer than the others
/// Source      Sohn, NIPS 2016; Chen et al., SimCLR, ICML 2020; temperature: He et al., MoCo, CVPR 2020
/// Catalogue   loss, ranking
template <ast::symbolic A, ast::symbolic B, class... Options>
constexpr auto nt_xent(A first, B second, Options... options) {
    if constexpr (!detail::has_option<option_kind::logit_scale, Options...>) {
        return nt_xent(first, second, temperature(detail::usual_temperature<A>), options...);
    } else if constexpr (is_bad<A> || is_bad<B>) {
        return first;
    } else {
        static_assert(detail::rank_of<A>() == 2 && detail::rank_of<B>() == 2, "xgrad::nt_xent(a, b): a and b must be [rows, features]. Fix: flatten what has more axes.");
        const auto scale = detail::value_among<option_kind::logit_scale>(options...);
        const auto counts = detail::value_among<option_kind::row_mask>(options...);
        const auto views = detail::directions_of(first, second, options...);
        const auto a = views.a * detail::column(number<1.0> / maximum(detail::norm_of(views.a), views.epsilon));
        const auto b = views.b * detail::column(number<1.0> / maximum(detail::norm_of(views.b), views.epsilon));
        const auto between = scale * matmul(a, transpose(b));
        const auto lse = [&](auto s) { return detail::lse_of_others(s, counts); };
        const auto of_a = logaddexp(lse(scale * matmul(a, transpose(a))), lse(between));
        const auto of_b = logaddexp(lse(scale * matmul(b, transpose(b))), lse(transpose(between)));
        const auto own = scale * sum(a * b, axes<-1>);
        return reduced<option_kind::logit_scale | named::epsilon>(number<0.5> * (softplus(of_a - own) + softplus(of_b - own)), nothing, nothing, options...);
    }
}

}  // namespace xgrad
