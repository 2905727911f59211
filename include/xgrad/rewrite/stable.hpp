// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/rewrite/rule.hpp>

namespace xgrad {

/// `kept` must put the axes of its sum back where they were, before it stands for the sum beside its own operand.
constexpr bool axes_are_put_back(const graph& g, int matched, const int*) {
    const int kept = g.operand(matched, 1);
    const int total = g.operand(kept, 0);
    if (!g.is(total, &info<sum_op>)) return false;
    const shape &full = g.shape_of(g.operand(total, 0)), &narrow = g.shape_of(kept);
    if (full.rank != narrow.rank) return false;
    std::int8_t next = 0;
    for (int i = 0; i < full.rank; ++i) {
        const std::int8_t from = g[kept].attr.source[static_cast<std::size_t>(i)];
        if (g[total].attr.axes >> i & 1u ? from != -1 : from != next++) return false;
    }
    return true;
}

namespace pattern {

// clang-format off
/// Textbook formula to accurate formula. Tested row by row on 0, -0, +-inf, NaN, huge and tiny values.
inline constexpr std::array stable_table = {
    //   name                        promise                  before                    after
    rule<"log-of-softmax",          holds::over_the_reals>(log(softmax(a)),            log_softmax(a)),
    rule<"log-of-sigmoid",          holds::over_the_reals>(log(sigmoid(a)),            -softplus(-a), grows),
    rule<"one-minus-sigmoid",       holds::over_the_reals>(one - sigmoid(a),           sigmoid(-a)),
    rule<"reciprocal-one-plus-exp", holds::over_the_reals>(one / (one + exp(-a)),      sigmoid(a)),
    rule<"log-one-plus-exp",        holds::over_the_reals>(log(one + exp(a)),          softplus(a)),
    rule<"log1p-of-exp",            holds::over_the_reals>(log1p(exp(a)),              softplus(a)),
    rule<"log-one-plus",            holds::over_the_reals>(log(one + a),               log1p(a)),
    rule<"exp-minus-one",           holds::over_the_reals>(exp(a) - one,               expm1(a)),
    rule<"exp-over-sum-of-exp",     holds::over_the_reals>(exp(a) / kept(sum(exp(a))), softmax(a), &axes_are_put_back),
    rule<"log-of-sum-of-exp",       holds::over_the_reals>(log(sum(exp(a))),           logsumexp(a)),
    rule<"exp-of-log-softmax",      holds::over_the_reals>(exp(log_softmax(a)),        softmax(a)),
    rule<"exp-of-minus-softplus",   holds::over_the_reals>(exp(-softplus(a)),          sigmoid(-a)),
    rule<"log-of-exp",              holds::over_the_reals>(log(exp(a)),                a),
    rule<"exp-of-log",              holds::over_the_reals>(exp(log(a)),                a),
    rule<"sqrt-of-square",          holds::over_the_reals>(sqrt(square(a)),            abs(a)),
    rule<"times-indicator",         holds::over_the_reals>(a * indicator(b),           select(b, a, number<0.0>), grows),
};
// clang-format on
}  // namespace pattern

}  // namespace xgrad
