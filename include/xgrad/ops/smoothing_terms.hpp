// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/log_softmax.hpp>
#include <xgrad/ops/whole.hpp>

namespace xgrad {

namespace detail {
/// Where logits are -inf; a number in front changes nothing of that.
constexpr auto is_ruled_out(auto x) {
    const auto a = x.positive_multiple().second;
    return a == constant(a, -std::numeric_limits<double>::infinity());
}
/// The sums over a row's classes that moments are made of; a class at -inf counts nothing in any of them.
template <class X>
struct class_sums {
    std::uint32_t last;
    double multiple;  ///< of the differences
    X exponential, reciprocal, log_total, weights, weighted_exponential, weighted_difference;

    static constexpr class_sums of(X x, X w) {
        const std::uint32_t last = 1u << (x.shape().rank - 1);
        const X d = shifted::of(x, last), e = ast::apply<exp_op>(d), zero = constant(x, 0), out = is_ruled_out(x);
        const auto [multiple, a] = x.positive_multiple();
        const X difference = a - shifted::by(a, last).insert_axes(last, x);
        return {last, multiple, e, constant(x, 1) / e.sum(last), log_of_shifted_sum(d, last), ast::apply<select_op>(out, zero, w).spread_to(x.shape()),
                (w * e).spread_to(x.shape()), ast::apply<select_op>(out, zero, w * difference).spread_to(x.shape())};
    }
    /// sum of w p^power (log p)^logs, p = e^d / total and log p = d - log total. What varies with the class is summed while the total
    /// is, so that no pass over the classes has to wait for it.
    constexpr X moment(int power, int logs) const {
        X at_power = weights, at_difference = weighted_difference, scale = constant(reciprocal, 1);
        for (int k = 0; k < power; ++k) {
            at_power = k == 0 ? weighted_exponential : at_power * exponential;
            at_difference = at_difference * exponential;
            scale = scale * reciprocal;
        }
        const X plain = at_power.sum(last);
        return scale * (logs == 0 ? plain : constant(plain, multiple) * at_difference.sum(last) - log_total * plain);
    }
};
/// A cotangent of all classes as one of weights [C], or of one number.
constexpr auto summed_for(auto g, auto w) {
    const int rank = g.shape().rank - w.shape().rank;
    return rank == 0 ? g : g.sum((1u << rank) - 1);
}
/// The sum of w p^(n / 2) (log p)^(n % 2) over the last axis, p = softmax(x): a moment as `class_sums` has it.
constexpr double moment_number(int power, int logs) { return 2 * power + logs; }
}  // namespace detail

/// softmax_moment(x, w) = sum of w p^a (log p)^b, p = softmax(x), over the last axis; b is 0 or 1. A class at -inf counts nothing.
///
/// Shape       x [S..., C], w [C] or []  ->  [S...]
/// Derivative  c - p sum(c), c = w (a p^a (log p)^b + b p^a); its sum is a sum of moments again
/// Method      sums of w e^(a d) and w d e^(a d), d = x - max, beside the total of e^d
struct softmax_moment_op : op_defaults {
    static constexpr std::string_view name = "softmax_moment";
    static constexpr op_kind kind = op_kind::composite;
    static constexpr int arity = 2;
    static constexpr bool heavy = true;

    static constexpr int power(const attributes& a) { return static_cast<int>(a.number) / 2; }
    static constexpr int logs(const attributes& a) { return static_cast<int>(a.number) % 2; }
    static constexpr shape_result shape_rule(const attributes&, const shape* operands, int) {
        shape_result result{operands[0]};
        --result.value.rank;
        return result;
    }
    static constexpr auto expand(auto y, auto x, auto w) { return detail::class_sums<decltype(x)>::of(x, w).moment(power(y.attr()), logs(y.attr())); }

    /// p^a (log p)^b of each class, and w times its derivative by log p.
    static constexpr auto terms(auto y, auto x, auto w) {
        const auto last = 1u << y.shape().rank;
        const auto p = x.softmax(last), log_p = ast::apply<log_op>(p), zero = constant(p, 0), one = constant(p, 1);
        const int a = power(y.attr()), b = logs(y.attr());
        auto raised = one;
        for (int k = 0; k < a; ++k) raised = raised * p;
        const auto out = detail::is_ruled_out(x);
        const auto value = b == 0 ? raised : raised * log_p;
        const auto slope = b == 0 ? constant(p, a) * raised : a == 0 ? one : raised * (constant(p, a) * log_p + one);
        return std::pair{ast::apply<select_op>(out, zero, value).spread_to(x.shape()), ast::apply<select_op>(out, zero, w * slope).spread_to(x.shape())};
    }
    static constexpr auto pullback(auto g, auto y, auto x, auto w) {
        const auto last = 1u << y.shape().rank;
        const auto [value, c] = terms(y, x, w);
        const auto bar = g.insert_axes(last, x);
        return std::tuple{bar * (c - x.softmax(last) * c.sum(last).insert_axes(last, x)), detail::summed_for(bar * value, w)};
    }
    static constexpr auto tangent(auto y, auto x, auto w, auto tx, auto tw) {
        const auto last = 1u << y.shape().rank;
        const auto [value, c] = terms(y, x, w);
        const auto mean = (x.softmax(last) * tx).sum(last).insert_axes(last, x);
        return (c * (tx - mean) + value * tw).sum(last);
    }
};

/// smoothing_terms<n>(x, w, k) = sum of w (k (1 - p) - (1 - p)^n log p), p = softmax(x), over the last axis; n is 0, 1 or 2. It is the part
/// of the target that label smoothing spreads over all classes, each with its focal and poly term. A class at -inf counts nothing.
///
/// Shape       x [S..., C], w [C] or [], k []  ->  [S...]
/// Derivative  c - p sum(c), c = w (n p (1 - p)^(n - 1) log p - (1 - p)^n - k p); its sum is put together from the sums of the value
/// Method      moments of the softmax: where p is nearly 1 the other classes' terms are all that matters, so 1 - p stands as it is
struct smoothing_terms_op : op_defaults {
    static constexpr std::string_view name = "smoothing_terms";
    static constexpr op_kind kind = op_kind::composite;
    static constexpr int arity = 3;
    static constexpr bool heavy = true;

    static constexpr shape_result shape_rule(const attributes&, const shape* operands, int) {
        shape_result result{operands[0]};
        --result.value.rank;
        return result;
    }
    static constexpr auto expand(auto y, auto x, auto w, auto k) {
        const auto s = detail::class_sums<decltype(x)>::of(x, w);
        const auto spread = k * (s.moment(0, 0) - s.moment(1, 0));
        switch (static_cast<int>(y.attr().number)) {
            case 0: return spread - s.moment(0, 1);
            case 1: return spread - (s.moment(0, 1) - s.moment(1, 1));
            default: return spread - (s.moment(0, 1) - (s.moment(1, 1) + s.moment(1, 1) - s.moment(2, 1)));
        }
    }
    /// Of each class: its term, and w times the term's derivative by log p.
    static constexpr auto terms(auto y, auto x, auto w, auto k) {
        const auto last = 1u << y.shape().rank;
        const int n = static_cast<int>(y.attr().number);
        const auto p = x.softmax(last), log_p = ast::apply<log_op>(p), zero = constant(p, 0), one = constant(p, 1), q = one - p;
        const auto out = detail::is_ruled_out(x);
        const auto value = k * q - (n == 0 ? log_p : n == 1 ? q * log_p : q * q * log_p);
        const auto slope = n == 0 ? -k * p - one : n == 1 ? p * (one - k + log_p) - one : q * (constant(p, 2) * (p * log_p) - q) - k * p;
        return std::pair{ast::apply<select_op>(out, zero, value).spread_to(x.shape()), ast::apply<select_op>(out, zero, w * slope).spread_to(x.shape())};
    }
    /// The sum of w slope.
    static constexpr auto sum_of_slopes(auto y, auto x, auto w, auto k) {
        const auto moment = [&](int power, int logs) { return ast::apply_with<softmax_moment_op>({.number = detail::moment_number(power, logs)}, x, w); };
        const auto two = constant(x, 2);
        switch (static_cast<int>(y.attr().number)) {
            case 0: return -(moment(0, 0) + k * moment(1, 0));
            case 1: return (constant(x, 1) - k) * moment(1, 0) + moment(1, 1) - moment(0, 0);
            default: return (two - k) * moment(1, 0) + two * (moment(1, 1) - moment(2, 1)) - moment(2, 0) - moment(0, 0);
        }
    }
    static constexpr auto pullback(auto g, auto y, auto x, auto w, auto k) {
        const auto last = 1u << y.shape().rank;
        const auto [value, c] = terms(y, x, w, k);
        const auto bar = g.insert_axes(last, x);
        const auto all = (1u << y.shape().rank) - 1;
        const auto others = softmax_others(x, w);
        return std::tuple{bar * c - x.softmax(last) * (g * sum_of_slopes(y, x, w, k)).insert_axes(last, x), detail::summed_for(bar * value, w),
                          all ? (g * others).sum(all) : g * others};
    }
    static constexpr auto tangent(auto y, auto x, auto w, auto k, auto tx, auto tw, auto tk) {
        const auto last = 1u << y.shape().rank;
        const auto [value, c] = terms(y, x, w, k);
        const auto mean = (x.softmax(last) * tx).sum(last).insert_axes(last, x);
        return (c * (tx - mean) + value * tw).sum(last) + tk * softmax_others(x, w);
    }
    /// The sum of w (1 - p), the derivative by k.
    static constexpr auto softmax_others(auto x, auto w) {
        return ast::apply_with<softmax_moment_op>({.number = detail::moment_number(0, 0)}, x, w) -
               ast::apply_with<softmax_moment_op>({.number = detail::moment_number(1, 0)}, x, w);
    }
};

}  // namespace xgrad
