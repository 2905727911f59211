// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/chain.hpp>

namespace xgrad {

/// linear_chain_crf(steps, z, t, a) = log of the sum over all label sequences of e^score, minus the score of t: a score is the sum of z at its labels and of a
/// at each pair of neighbours.
///
/// Formula     sum_s (log sum_k e^(z_sk + m_sk) - z_s,t_s - a_{t_(s-1),t_s}), m the log probabilities of the labels before step s through a
/// Gradient    z: the labels' marginal probabilities minus one_hot(t); a: expected minus observed counts of pairs
/// Shape       z [S..., K] with the axis of the steps, t labels [S...], a [K, K] from, to  ->  [S... without the steps]
/// Options     start_scores(s) [K], end_scores(e) [K]: of the first and the last label; a label to ignore marks what follows a sequence's last step;
///             row_weight, row_mask of whole sequences; reduction, normaliser, empty_mean
/// Domain      scores of any size; -inf forbids a pair
/// Limits      a sequence without steps costs 0
/// Method      normalised at each step, so that what is added up is of one step's size: nothing grows with the length; neighbours are summed
///             over by log_matmul_exp
/// Source      Lafferty et al., ICML 2001
/// Catalogue   loss, sequence
template <fixed_string Name, ast::symbolic Z, ast::symbolic T, ast::symbolic A, class... Options>
constexpr auto linear_chain_crf(dynamic_axis<Name> steps, Z z, T t, A transitions, Options... options) {
    static_assert(detail::is_labels<T>(), "xgrad::linear_chain_crf(steps, z, t, a): t must be labels. Fix: declare it as xg::labels<\"t\">(batch, steps, xg::classes(6_c)).");
    static_assert(detail::is_chain<Z, T, A>(), "xgrad::linear_chain_crf(steps, z, t, a): z must be [S..., K], t labels [S...] of K classes, a [K, K].");
    using detail::chain;
    const auto start = chain<Z, dynamic_axis<Name>>::state(detail::given_or(detail::value_among<option_kind::start_scores>(options...), number<0.0>));
    const auto end = detail::value_among<option_kind::end_scores>(options...);
    const auto there = detail::rows_with_label(t);
    const auto scores = detail::where_counted(z, there, number<0.0>);  // what stands at steps that are not there reaches nothing
    const auto before = detail::pair_scores(steps, start, embedding_lookup(transitions, t));
    const auto forward = detail::normalisers(steps, start, chain<Z, dynamic_axis<Name>>::number_of_rows(), transitions, scores, there);
    const auto rows = sum(detail::where_counted(std::get<2>(forward) - pick(scores + before, t), there, number<0.0>), steps);
    constexpr auto known = option_kind::every_loss | option_kind::start_scores | option_kind::end_scores;
    if constexpr (detail::is_given<decltype(end)>) {
        const auto last = detail::last_label(steps, chain<Z, dynamic_axis<Name>>::state(number<0.0>), one_hot(t), there);
        const auto of_end = logsumexp(last_of(std::get<1>(forward), steps) + end, axes<-1>) - sum(last * end, axes<-1>);
        return reduced<known>(rows + detail::where_it_ends(last, there, of_end), nothing, nothing, options...);
    } else {
        return reduced<known>(rows, nothing, nothing, options...);
    }
}
template <ast::symbolic S>
constexpr value_option<option_kind::start_scores, S> start_scores(S s) {
    return {s};
}
template <ast::symbolic E>
constexpr value_option<option_kind::end_scores, E> end_scores(E e) {
    return {e};
}

}  // namespace xgrad
