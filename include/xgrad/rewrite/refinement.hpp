// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/rewrite/rule.hpp>

namespace xgrad {

/// The softmax is over the class axis of the one-hot: the last.
constexpr bool softmax_is_over_classes(const graph& g, int matched, const int* bound) {
    const shape& logits = g.shape_of(bound[0]);
    return g.shape_of(matched) == logits && g.shape_of(bound[3]).rank + 1 == logits.rank && bound[4] == 1 << (logits.rank - 1);
}

namespace pattern {
// clang-format off
/// Value-preserving rows for accuracy, after differentiation: the target's entry as minus the sum of the others.
inline constexpr std::array refinement_table = {
    rule<"softmax-minus-one-hot",        holds::over_the_reals>(
        softmax(a) - one_hot(t),          select(one_hot(t), -others_probability(a, t), softmax(a)), grows, &softmax_is_over_classes),
    rule<"scaled-softmax-minus-one-hot", holds::over_the_reals>(
        c * softmax(a) - c * one_hot(t),  c * select(one_hot(t), -others_probability(a, t), softmax(a)), grows, &softmax_is_over_classes),
    rule<"scaled-one-hot-minus-softmax", holds::over_the_reals>(
        c * one_hot(t) - c * softmax(a),  c * select(one_hot(t), others_probability(a, t), -softmax(a)), grows, &softmax_is_over_classes),
};
// clang-format on
}  // namespace pattern

namespace detail {
template <std::size_t N, std::size_t M>
constexpr auto joined(const std::array<rewrite_rule, N>& stable, std::array<rewrite_rule, M> refined) {
    std::array<rewrite_rule, N + M> all{};
    for (std::size_t i = 0; i < N; ++i) all[i] = stable[i];
    for (std::size_t i = 0; i < M; ++i) {
        refined[i].group = rule_group::refined;
        all[N + i] = refined[i];
    }
    return all;
}
}  // namespace detail

}  // namespace xgrad
