// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/rewrite/rule.hpp>

#include <cmath>
#include <numbers>

namespace xgrad {

namespace detail {
/// Whether a movement puts the axes of the reduction below it back where they were.
constexpr bool puts_axes_back(const graph& g, int kept, const op_info* reduction) {
    const int total = g.operand(kept, 0);
    if (!g.is(total, reduction)) return false;
    const shape &full = g.shape_of(g.operand(total, 0)), &narrow = g.shape_of(kept);
    if (full.rank != narrow.rank) return false;
    std::int8_t next = 0;
    for (int i = 0; i < full.rank; ++i) {
        const std::int8_t from = g[kept].attr.source[static_cast<std::size_t>(i)];
        if (g[total].attr.axes >> i & 1u ? from != -1 : from != next++) return false;
    }
    return true;
}
}  // namespace detail

/// `kept` must put the axes of its sum back where they were, before it stands for the sum beside its own operand.
constexpr bool axes_are_put_back(const graph& g, int matched, const int*) { return detail::puts_axes_back(g, g.operand(matched, 1), &info<sum_op>); }

/// The same of a logsumexp that is subtracted.
constexpr bool axes_of_logsumexp_are_put_back(const graph& g, int matched, const int*) {
    for (int k = 0; k < 2; ++k) {
        const int x = g.operand(matched, k);
        if (g.is(x, &info<multiply_op>) && g.is(g.operand(x, 1), &info<movement_op>)) return detail::puts_axes_back(g, g.operand(x, 1), &info<logsumexp_op>);
    }
    return false;
}

/// The shift is taken off, and what remains has every axis that the op is over.
constexpr bool keeps_rank(const graph& g, int matched, const int* bound) { return g.shape_of(bound[0]).rank == g.shape_of(g.operand(matched, 0)).rank; }

namespace detail {
/// How many nodes a condition looks at: beyond it, it does not hold. (A formula may share its parts so that they are met again and again.)
inline constexpr int condition_budget = 64;

constexpr bool is_never_negative(const graph& g, int x, int& budget) {
    for (; --budget >= 0; x = g.operand(x, 0)) {
        const op_info* op = g[x].op;
        if (op == &info<movement_op>) continue;
        if (op == &info<multiply_op> && g.operand(x, 0) == g.operand(x, 1)) return true;
        if (op == &info<multiply_op> || op == &info<divide_op> || op == &info<add_op>) {
            if (!is_never_negative(g, g.operand(x, 1), budget)) return false;
            continue;
        }
        if (g.is_number(x)) return g[x].attr.number >= 0;
        if (g[x].attr.leaf) return g[x].attr.leaf->range != domain::real;
        return op->range != domain::real || op == &info<abs_op> || op == &info<exp_op> || op == &info<square_op> || op == &info<sqrt_op> || op == &info<relu_op> ||
               op == &info<softplus_op> || op == &info<erfc_op>;
    }
    return false;
}
}  // namespace detail

/// Whether a node is never below 0.
constexpr bool is_never_negative(const graph& g, int x) {
    int budget = detail::condition_budget;
    return detail::is_never_negative(g, x, budget);
}
/// What `a` stands for is not.
constexpr bool is_nonnegative(const graph& g, int, const int* bound) { return is_never_negative(g, bound[0]); }

/// Nor is then the exponent b one that is 0 for some elements.
constexpr bool is_nonnegative_to_a_number(const graph& g, int matched, const int* bound) { return g.is_number(bound[1]) && is_nonnegative(g, matched, bound); }

/// b is 1 / sqrt(2) or its opposite, as written in a double.
constexpr bool is_one_over_root_two(const graph& g, int, const int* bound) { return g.is_number(bound[1]) && std::abs(g[bound[1]].attr.number - std::numbers::sqrt2 / 2) < 1e-15; }
constexpr bool is_minus_one_over_root_two(const graph& g, int, const int* bound) {
    return g.is_number(bound[1]) && std::abs(g[bound[1]].attr.number + std::numbers::sqrt2 / 2) < 1e-15;
}

namespace detail {
/// What a logarithm is of: the factors and divisors of a product, down to exponentials, whose logarithm is known, and sums of them.
struct logarithm_parts {
    const graph& g;
    int budget = condition_budget;
    int unknown = 0;               ///< those that may be below 0
    bool has_exponential = false;  ///< also a softmax, a sigmoid ...
    bool may_overflow = false;     ///< one that is not bounded
    bool may_vanish = false;       ///< a factor with a zero at which it has a slope, and its logarithm has none

    constexpr void add(int x, bool divides = false) {
        if (--budget < 0) {
            unknown = condition_budget;
            return;
        }
        const op_info* op = g[x].op;
        if (op == &info<multiply_op> || op == &info<divide_op>) {
            add(g.operand(x, 0), divides);
            add(g.operand(x, 1), divides != (op == &info<divide_op>));
        } else if ((op == &info<add_op> || op == &info<sum_op>) && terms_are_weighted(x)) {
            has_exponential = true;
        } else {
            unknown += !detail::is_never_negative(g, x, budget);
            has_exponential = has_exponential || op == &info<exp_op> || op->range == domain::probability;
            may_overflow = may_overflow || op == &info<exp_op>;
            may_vanish = may_vanish || (!divides && (op == &info<relu_op> || op == &info<abs_op> || op == &info<square_op> || op == &info<sqrt_op>));
        }
    }
    constexpr bool are_weighted_exponentials() const { return has_exponential && unknown == 0 && !may_vanish; }

private:
    constexpr bool terms_are_weighted(int x) {
        for (int k = 0; k < g[x].arity; ++k) {
            logarithm_parts term{g, budget};
            term.add(g.operand(x, k));
            budget = term.budget;
            may_overflow = may_overflow || term.may_overflow;
            if (!term.are_weighted_exponentials()) return false;
        }
        return true;
    }
};
constexpr logarithm_parts logarithm_parts_of(const graph& g, int x) {
    logarithm_parts parts{g};
    parts.add(x);
    return parts;
}
}  // namespace detail

/// Of a logarithm: what it is of can be taken apart. (Where it exists, a single factor that may be below 0 is not.)
constexpr bool has_known_log(const graph& g, int matched, const int*) {
    const auto parts = detail::logarithm_parts_of(g, g.operand(matched, 0));
    return parts.has_exponential && parts.unknown <= 1;
}
/// What `a` stands for is a product or quotient of exponentials and of what is above 0, or a sum of such.
constexpr bool is_weighted_exponential(const graph& g, int, const int* bound) { return detail::logarithm_parts_of(g, bound[0]).are_weighted_exponentials(); }
constexpr bool are_weighted_exponentials(const graph& g, int, const int* bound) {
    return detail::logarithm_parts_of(g, bound[0]).are_weighted_exponentials() && detail::logarithm_parts_of(g, bound[1]).are_weighted_exponentials();
}
/// And one that may be beyond the numbers.
constexpr bool is_unbounded_weighted_exponential(const graph& g, int, const int* bound) {
    const auto parts = detail::logarithm_parts_of(g, bound[0]);
    return parts.are_weighted_exponentials() && parts.may_overflow;
}

namespace pattern {

/// The interval from b to a, or its mirror image: the one whose ends have the larger logarithms.
inline constexpr auto nearer = select(a + b > zero, -b, a);
inline constexpr auto farther = select(a + b > zero, -a, b);

// clang-format off
/// Textbook formula to accurate formula. Tested row by row on 0, -0, +-inf, NaN, huge and tiny values.
inline constexpr std::array stable_table = {
    //   name                              promise                  before                                after
    // logarithms
    rule<"log-of-softmax",                holds::over_the_reals>(log(softmax(a)),                        log_softmax(a)),
    rule<"log-of-picked-softmax",         holds::over_the_reals>(log(pick(softmax(a), t_of_row)),         pick(log_softmax(a), t_of_row)),
    rule<"log-of-sigmoid",                holds::over_the_reals>(log(sigmoid(a)),                        -softplus(-a), grows),
    rule<"log-one-plus-exp",              holds::over_the_reals>(log(one + exp(a)),                      softplus(a)),
    rule<"log1p-of-exp",                  holds::over_the_reals>(log1p(exp(a)),                          softplus(a)),
    rule<"log1p-of-minus-exp",            holds::over_the_reals>(log1p(-exp(a)),                         log1mexp(a)),
    rule<"log1p-of-minus-sigmoid",        holds::over_the_reals>(log1p(-sigmoid(a)),                     -softplus(a)),
    rule<"log1p-of-minus-square-of-tanh", holds::over_the_reals>(log1p(-square(tanh(a))),                number<-2.0> * log_cosh(a)),
    rule<"log1p-of-minus-tanh-times-tanh", holds::over_the_reals>(log1p(-(tanh(a) * tanh(a))),           number<-2.0> * log_cosh(a)),
    rule<"log-one-plus",                  holds::over_the_reals>(log(one + a),                           log1p(a)),
    rule<"log-of-sum-of-exp",             holds::over_the_reals>(log(sum(exp(a))),                       logsumexp(a)),
    rule<"log-of-weighted-sum-of-exp",    holds::over_the_reals>(log(sum(a)),                            logsumexp(log(a)), &is_weighted_exponential),
    rule<"log-of-half-exp-plus-exp",      holds::over_the_reals>(log(number<0.5> * (exp(a) + exp(-a))),  log_cosh(a)),
    rule<"log-of-product-with-exp",       holds::over_the_reals>(log(a * b),                             log(a) + log(b), grows, &has_known_log),
    rule<"log-of-quotient-with-exp",      holds::over_the_reals>(log(a / b),                             log(a) - log(b), grows, &has_known_log),
    rule<"log-of-exp-plus-exp",           holds::over_the_reals>(log(exp(a) + exp(b)),                   logaddexp(a, b)),
    rule<"log-of-weighted-exp-plus",      holds::over_the_reals>(log(a + b),                             logaddexp(log(a), log(b)), grows, &are_weighted_exponentials),
    rule<"log1p-of-weighted-exp",         holds::over_the_reals>(log1p(a),                               softplus(log(a)), grows, &is_unbounded_weighted_exponential),
    rule<"log-of-exp-minus-exp",          holds::over_the_reals>(log(exp(a) - exp(b)),                   a + log1mexp(b - a), grows),
    rule<"log-of-difference-of-sigmoids", holds::over_the_reals>(log(sigmoid(a) - sigmoid(b)),           (-softplus(-a) - softplus(b)) + log1mexp(b - a), grows),
    rule<"log-of-difference-of-normal-cdf", holds::over_the_reals>(log(normal_cdf(a) - normal_cdf(b)),   log_normal_cdf(nearer) + log1mexp(log_normal_cdf(farther) - log_normal_cdf(nearer)), grows),
    rule<"log-of-expm1",                  holds::over_the_reals>(log(expm1(a)),                          a + log1mexp(-a), grows),
    rule<"log-of-minus-expm1",            holds::over_the_reals>(log(-expm1(a)),                         log1mexp(a)),
    rule<"log1mexp-of-minus-softplus",    holds::over_the_reals>(log1mexp(-softplus(a)),                 -softplus(-a)),
    rule<"log-of-exp",                    holds::over_the_reals>(log(exp(a)),                            a),
    rule<"log1p-of-expm1",                holds::over_the_reals>(log1p(expm1(a)),                        a),
    rule<"log-of-sqrt",                   holds::over_the_reals>(log(sqrt(a)),                           number<0.5> * log(a), grows),
    rule<"log-of-square",                 holds::over_the_reals>(log(square(a)),                         number<2.0> * log(abs(a)), grows),
    rule<"log-of-power",                  holds::over_the_reals>(log(pow(a, b)),                         b * log(a), &is_nonnegative_to_a_number),
    rule<"log-of-any-power",              holds::over_the_reals>(log(pow(a, b)),                         xlogy(b, a), &is_nonnegative),
    // exponentials
    rule<"exp-minus-one",                 holds::over_the_reals>(exp(a) - one,                           expm1(a)),
    rule<"exp-of-log",                    holds::over_the_reals>(exp(log(a)),                            a),
    rule<"exp-of-log1p",                  holds::over_the_reals>(exp(log1p(a)),                          one + a),
    rule<"exp-of-log1mexp",               holds::over_the_reals>(exp(log1mexp(a)),                       -expm1(a)),
    rule<"exp-of-log-softmax",            holds::over_the_reals>(exp(log_softmax(a)),                    softmax(a)),
    rule<"exp-of-softplus",               holds::over_the_reals>(exp(softplus(a)),                       one + exp(a), grows),
    rule<"exp-of-minus-softplus",         holds::over_the_reals>(exp(-softplus(a)),                      sigmoid(-a)),
    rule<"expm1-of-log",                  holds::over_the_reals>(expm1(log(a)),                          a - one),
    rule<"expm1-of-log1p",                holds::over_the_reals>(expm1(log1p(a)),                        a),
    rule<"expm1-of-log1mexp",             holds::over_the_reals>(expm1(log1mexp(a)),                     -exp(a)),
    rule<"expm1-of-softplus",             holds::over_the_reals>(expm1(softplus(a)),                     exp(a)),
    rule<"expm1-of-minus-softplus",       holds::over_the_reals>(expm1(-softplus(a)),                    -sigmoid(a)),
    // sigmoid and tanh
    rule<"one-minus-sigmoid",             holds::over_the_reals>(one - sigmoid(a),                       sigmoid(-a)),
    rule<"reciprocal-one-plus-exp",       holds::over_the_reals>(one / (one + exp(a)),                   sigmoid(-a)),
    rule<"exp-over-one-plus-exp",         holds::over_the_reals>(exp(a) / (one + exp(a)),                sigmoid(a)),
    rule<"over-one-plus-exp",             holds::over_the_reals>(a / (one + exp(b)),                     a * sigmoid(-b)),
    rule<"exp-over-exp-plus-exp",         holds::over_the_reals>(exp(a) / (exp(a) + exp(b)),             sigmoid(a - b)),
    rule<"exp-times-sigmoid",             holds::over_the_reals>(exp(a) * sigmoid(-a),                   sigmoid(a)),
    rule<"sigmoid-over-sigmoid-of-minus", holds::over_the_reals>(sigmoid(a) / sigmoid(-a),               exp(a)),
    rule<"difference-of-softplus",        holds::over_the_reals>(softplus(a) - softplus(-a),             a),
    rule<"sigmoid-of-log-odds",           holds::over_the_reals>(sigmoid(log(a / (one - a))),            a),
    rule<"sigmoid-of-log-difference",     holds::over_the_reals>(sigmoid(log(a) - log1p(-a)),            a),
    rule<"tanh-by-sigmoid",               holds::over_the_reals>(number<2.0> * sigmoid(number<2.0> * a) - one, tanh(a)),
    rule<"tanh-by-exp",                   holds::over_the_reals>((exp(a) - exp(-a)) / (exp(a) + exp(-a)), tanh(a)),
    // softmax
    rule<"exp-over-sum-of-exp",           holds::over_the_reals>(exp(a) / kept(sum(exp(a))),             softmax(a), &axes_are_put_back),
    rule<"minus-logsumexp",               holds::over_the_reals>(a - kept(logsumexp(a)),                 log_softmax(a), &axes_of_logsumexp_are_put_back),
    rule<"one-minus-picked-softmax",      holds::over_the_reals>(one - pick(softmax(a), t_of_row),       -expm1(pick(log_softmax(a), t_of_row)), grows),
    rule<"softmax-of-shifted",            holds::over_the_reals>(softmax(a + steady),                    softmax(a), &keeps_rank),
    rule<"log-softmax-of-shifted",        holds::over_the_reals>(log_softmax(a + steady),                log_softmax(a), &keeps_rank),
    rule<"logsumexp-of-shifted",          holds::over_the_reals>(logsumexp(a + steady),                  logsumexp(a) + sum(steady), grows, &keeps_rank),
    // the error function
    rule<"one-minus-erf",                 holds::over_the_reals>(one - erf(a),                           erfc(a)),
    rule<"one-plus-erf",                  holds::over_the_reals>(one + erf(a),                           erfc(-a)),
    rule<"erf-minus-one",                 holds::over_the_reals>(erf(a) - one,                           -erfc(a)),
    rule<"one-minus-erfc",                holds::over_the_reals>(one - erfc(a),                          erf(a)),
    rule<"erfc-minus-one",                holds::over_the_reals>(erfc(a) - one,                          -erf(a)),
    rule<"erfc-of-minus-over-root-two",   holds::over_the_reals>(erfc(b * a),                            number<2.0> * normal_cdf(a), grows, &is_minus_one_over_root_two),
    rule<"erfc-of-over-root-two",         holds::over_the_reals>(erfc(b * a),                            number<2.0> * normal_cdf(-a), grows, &is_one_over_root_two),
    rule<"one-minus-normal-cdf",          holds::over_the_reals>(one - normal_cdf(a),                    normal_cdf(-a)),
    rule<"log-of-normal-cdf",             holds::over_the_reals>(log(normal_cdf(a)),                     log_normal_cdf(a)),
    rule<"log-of-erfc",                   holds::over_the_reals>(log(erfc(a)),                           number<std::numbers::ln2> + log_normal_cdf(number<-std::numbers::sqrt2> * a), grows),
    rule<"log1p-of-minus-normal-cdf",     holds::over_the_reals>(log1p(-normal_cdf(a)),                  log_normal_cdf(-a)),
    // roots, sizes, corners
    rule<"sqrt-of-square",                holds::over_the_reals>(sqrt(square(a)),                        abs(a)),
    rule<"sqrt-of-product",               holds::over_the_reals>(sqrt(a * a),                            abs(a)),
    rule<"square-of-sqrt",                holds::over_the_reals>(square(sqrt(a)),                        a),
    rule<"sqrt-times-itself",             holds::over_the_reals>(sqrt(a) * sqrt(a),                      a),
    rule<"sqrt-of-one-plus-minus-one",    holds::over_the_reals>(sqrt(one + a) - one,                    sqrt1pm1(a)),
    rule<"one-minus-cos",                 holds::over_the_reals>(one - cos(a),                           number<2.0> * square(sin(number<0.5> * a)), grows),
    rule<"over-own-sqrt",                 holds::over_the_reals>(a / sqrt(a),                            sqrt(a)),
    rule<"over-own-abs",                  holds::over_the_reals>(a / abs(a),                             sign(a)),
    rule<"abs-times-abs",                 holds::exactly       >(abs(a) * abs(b),                        abs(a * b)),
    rule<"square-of-abs",                 holds::exactly       >(square(abs(a)),                         square(a)),
    rule<"abs-of-nonnegative",            holds::over_the_reals>(abs(a),                                 a, &is_nonnegative),
    rule<"relu-of-nonnegative",           holds::over_the_reals>(relu(a),                                a, &is_nonnegative),
    rule<"maximum-with-zero",             holds::exactly       >(maximum(a, zero),                       relu(a)),
    rule<"maximum-of-equals",             holds::exactly       >(maximum(a, a),                          a),
    rule<"minimum-of-equals",             holds::exactly       >(minimum(a, a),                          a),
    rule<"power-of-one",                  holds::exactly       >(pow(one, a),                            one),
    rule<"times-indicator",               holds::over_the_reals>(a * indicator(b),                       select(b, a, number<0.0>), grows),
};
// clang-format on
}  // namespace pattern

}  // namespace xgrad
