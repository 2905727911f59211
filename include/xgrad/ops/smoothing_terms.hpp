// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/log.hpp>
#include <xgrad/ops/log_softmax.hpp>
#include <xgrad/ops/whole.hpp>

namespace xgrad {

namespace detail {
/// Where logits are -inf; a number in front changes nothing of that.
constexpr auto is_ruled_out(auto x) {
    const auto a = x.positive_multiple().second;
    return a == constant(a, -std::numeric_limits<double>::infinity());
}
constexpr int binomial(int n, int k) { return k == 0 || k == n ? 1 : binomial(n - 1, k - 1) + binomial(n - 1, k); }
/// A cotangent of all classes as one of weights [C], or of one number.
constexpr auto summed_for(auto g, auto w) {
    const int rank = g.shape().rank - w.shape().rank;
    return rank == 0 ? g : g.sum((1u << rank) - 1);
}
/// Which moment of the softmax: the sum of w p^power (1 - p)^others (log p)^logs.
struct moment_powers {
    int power, others, logs;
    static constexpr moment_powers of(double number) {
        const int packed = static_cast<int>(number);
        return {packed % 4, packed / 4 % 4, packed / 16};
    }
    constexpr double number() const { return power + 4 * others + 16 * logs; }
};
}  // namespace detail

/// softmax_moment(x, w) = sum of w p^a (1 - p)^n (log p)^b, p = softmax(x), over the last axis; b is 0 or 1. A class at -inf counts nothing.
///
/// Shape       x [S..., C], w [C] or []  ->  [S...]
/// Derivative  c - p sum(c), c the derivatives of the terms by log p
/// Method      sums of w e^(k d) and w d e^(k d), d = x - max, beside the total of e^d, so that no pass over the classes waits for it.
///             1 - p is multiplied out: a class that is nearly certain adds an error of w times a rounding of 1
struct softmax_moment_op : op_defaults {
    static constexpr std::string_view name = "softmax_moment";
    static constexpr op_kind kind = op_kind::composite;
    static constexpr int arity = 2;
    static constexpr bool heavy = true;

    static constexpr shape_result shape_rule(const attributes&, const shape* operands, int) {
        shape_result result{operands[0]};
        --result.value.rank;
        return result;
    }
    static constexpr auto expand(auto y, auto x, auto w) {
        const auto [power, others, logs] = detail::moment_powers::of(y.attr().number);
        const auto last = 1u << y.shape().rank;
        const auto [multiple, a] = x.positive_multiple();
        const auto d = detail::shifted::of(x, last), difference = a - detail::shifted::by(a, last).insert_axes(last, x);
        const auto e = ast::apply<exp_op>(d), r = constant(x, 1) / e.sum(last), zero = constant(x, 0), out = detail::is_ruled_out(x);
        // Horner's form of: r^power times the sum over k of binomial(others, k) (-r)^k (sum of t e^(power + k))
        using part = decltype(x);
        const auto multiplied_out = [&, a_power = power, n_others = others](part t, part t_times_e) -> part {
            const auto sum_at = [&](int k) -> part {
                part term = k == 0 ? t : t_times_e;
                for (int i = 1; i < k; ++i) term = term * e;
                return term.spread_to(x.shape()).sum(last);
            };
            part total = sum_at(a_power + n_others);
            if (n_others % 2) total = -total;
            for (int k = n_others - 1; k >= 0; --k) total = constant(total, detail::binomial(n_others, k) * (k % 2 ? -1 : 1)) * sum_at(a_power + k) + r * total;
            for (int k = 0; k < a_power; ++k) total = total * r;
            return total;
        };
        const part plain = multiplied_out(ast::apply<select_op>(out, zero, w), w * e);
        if (logs == 0) return plain;
        const part weighted = ast::apply<select_op>(out, zero, w * difference);
        return constant(plain, multiple) * multiplied_out(weighted, weighted * e) - detail::log_of_shifted_sum(d, last) * plain;
    }
    /// The term of each class, and w times its derivative by log p.
    static constexpr auto terms(auto y, auto x, auto w) {
        const auto [power, others, logs] = detail::moment_powers::of(y.attr().number);
        const auto p = x.softmax(1u << y.shape().rank), log_p = ast::apply<log_op>(p), zero = constant(p, 0), one = constant(p, 1), q = one - p;
        auto a = one, n = one, fewer = constant(p, others);  // p^a, (1 - p)^n, n (1 - p)^(n - 1)
        for (int k = 0; k < power; ++k) a = a * p;
        for (int k = 0; k < others; ++k) n = n * q;
        for (int k = 1; k < others; ++k) fewer = fewer * q;
        const auto plain = a * n, by_log = a * (constant(p, power) * n - fewer * p);
        const auto out = detail::is_ruled_out(x);
        return std::pair{ast::apply<select_op>(out, zero, logs ? plain * log_p : plain).spread_to(x.shape()),
                         ast::apply<select_op>(out, zero, w * (logs ? by_log * log_p + plain : by_log)).spread_to(x.shape())};
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
        const auto on_average = (x.softmax(last) * tx).sum(last).insert_axes(last, x);
        return (c * (tx - on_average) + value * tw).sum(last);
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
    static constexpr auto moment(detail::moment_powers which, auto x, auto w) { return ast::apply_with<softmax_moment_op>({.number = which.number()}, x, w); }
    static constexpr auto expand(auto y, auto x, auto w, auto k) { return k * moment({0, 1, 0}, x, w) - moment({0, static_cast<int>(y.attr().number), 1}, x, w); }
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
        const int n = static_cast<int>(y.attr().number);
        const auto of_factor = moment({0, n, 0}, x, w) + k * moment({1, 0, 0}, x, w);
        return n == 0 ? -of_factor : constant(k, n) * moment({1, n - 1, 1}, x, w) - of_factor;
    }
    static constexpr auto pullback(auto g, auto y, auto x, auto w, auto k) {
        const auto last = 1u << y.shape().rank;
        const auto [value, c] = terms(y, x, w, k);
        const auto bar = g.insert_axes(last, x);
        const auto all = (1u << y.shape().rank) - 1;
        const auto others = moment({0, 1, 0}, x, w);
        return std::tuple{bar * c - x.softmax(last) * (g * sum_of_slopes(y, x, w, k)).insert_axes(last, x), detail::summed_for(bar * value, w),
                          all ? (g * others).sum(all) : g * others};
    }
    static constexpr auto tangent(auto y, auto x, auto w, auto k, auto tx, auto tw, auto tk) {
        const auto last = 1u << y.shape().rank;
        const auto [value, c] = terms(y, x, w, k);
        const auto on_average = (x.softmax(last) * tx).sum(last).insert_axes(last, x);
        return (c * (tx - on_average) + value * tw).sum(last) + tk * moment({0, 1, 0}, x, w);
    }
};

}  // namespace xgrad
