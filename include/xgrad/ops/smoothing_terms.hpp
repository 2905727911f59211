// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/log.hpp>
#include <xgrad/ops/log_softmax.hpp>
#include <xgrad/ops/whole.hpp>

namespace xgrad {

namespace detail {
/// Where logits are not -inf; a number in front changes nothing of that.
constexpr auto takes_part(auto x) {
    const auto a = x.positive_multiple().second;
    return a != constant(a, -std::numeric_limits<double>::infinity());
}
/// A cotangent of all classes as one of weights [C], or of one number.
constexpr auto summed_for(auto g, auto w) {
    const int rank = g.shape().rank - w.shape().rank;
    return rank == 0 ? g : g.sum((1u << rank) - 1);
}
/// Which moment of the softmax: the sum of w p^power (log p)^logs, both 0 or 1.
struct moment_powers {
    int power, logs;
    static constexpr moment_powers of(double number) { return {static_cast<int>(number) % 2, static_cast<int>(number) / 2}; }
    constexpr double number() const { return power + 2 * logs; }
};
}  // namespace detail

/// softmax_moment(x, w) = sum of w p^a (log p)^b, p = softmax(x), over the last axis; a and b are 0 or 1. A class at -inf counts nothing.
///
/// Shape       x [S..., C], w [C] or []  ->  [S...]
/// Derivative  c - p sum(c), c the derivatives of the terms by log p
/// Method      sums of w, w e^d, w d and w d e^d, d = x - max, beside the total of e^d, so that no pass over the classes waits for it
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
        const auto [power, logs] = detail::moment_powers::of(y.attr().number);
        const auto last = 1u << y.shape().rank;
        const auto [multiple, a] = x.positive_multiple();
        const auto d = detail::shifted::of(x, last), difference = a - detail::shifted::by(a, last).insert_axes(last, x);
        const auto e = ast::apply<exp_op>(d), r = constant(x, 1) / e.sum(last), zero = constant(x, 0);
        using part = decltype(x);
        const auto moment = [&, of_p = power](part t) -> part {
            const part term = of_p ? t * e : t, total = term.spread_to(x.shape()).sum(last);
            return of_p ? total * r : total;
        };
        const auto counted = [&](part t) -> part { return ast::apply<select_op>(detail::takes_part(x), t, zero); };
        const part plain = moment(power ? w : counted(w));
        if (logs == 0) return plain;
        return constant(plain, multiple) * moment(counted(w * difference)) - detail::log_of_shifted_sum(d, last) * plain;
    }
    /// The term of each class, and w times its derivative by log p.
    static constexpr auto terms(auto y, auto x, auto w) {
        const auto [power, logs] = detail::moment_powers::of(y.attr().number);
        const auto p = x.softmax(1u << y.shape().rank), log_p = ast::apply<log_op>(p), zero = constant(p, 0), one = constant(p, 1);
        const auto plain = power ? p : one, by_log = power ? p : zero, in = detail::takes_part(x);
        return std::pair{ast::apply<select_op>(in, logs ? plain * log_p : plain, zero).spread_to(x.shape()),
                         ast::apply<select_op>(in, w * (logs ? by_log * log_p + plain : by_log), zero).spread_to(x.shape())};
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

namespace detail {
/// k - (1 - p)^(n - 1) l, from lack = p - 1. smoothing_term and smoothing_slope share it in one kernel.
template <int N>
constexpr auto smoothing_rest(auto lack, auto l, auto k) {
    if constexpr (N == 1) {
        return k - l;
    } else {
        return lanes::multiply_add(lack, l, k);
    }
}
}  // namespace detail

/// smoothing_term<n>(p, l, k) = (1 - p)^n l - k (1 - p), l = log p: a class's focal and poly term with its sign turned; n is 1 or 2.
///
/// Shape       [S...], [S...], k []  ->  [S...]
/// Derivative  k - n (1 - p)^(n - 1) l, (1 - p)^n, p - 1
template <int N>
struct smoothing_term_op : elementwise<3> {
    static constexpr std::string_view name = N == 1 ? "smoothing_term_1" : "smoothing_term_2";

    static constexpr auto value(auto p, auto l, auto k) {
        const auto lack = p - constant(p, 1);
        return lanes::rounded(lack * detail::smoothing_rest<N>(lack, l, k));
    }
    static constexpr auto partials(auto p, auto l, auto k) {
        const auto q = constant(p, 1) - p;
        if constexpr (N == 1) {
            return std::tuple{k - l, q, -q};
        } else {
            return std::tuple{k - constant(p, 2) * (q * l), q * q, -q};
        }
    }
};
/// smoothing_slope<n>(p, l, k) = (1 - p)^n + k p - n p (1 - p)^(n - 1) l: the derivative of smoothing_term by log p, where p = e^l.
///
/// Shape       [S...], [S...], k []  ->  [S...]
/// Derivative  n = 1: k - 1 - l, -p, p; n = 2: k - 2 (1 - p) - 2 (1 - 2 p) l, -2 p (1 - p), p
template <int N>
struct smoothing_slope_op : elementwise<3> {
    static constexpr std::string_view name = N == 1 ? "smoothing_slope_1" : "smoothing_slope_2";

    static constexpr auto value(auto p, auto l, auto k) {
        const auto lack = p - constant(p, 1), rest = detail::smoothing_rest<N>(lack, l, k);
        if constexpr (N == 1) {
            return lanes::multiply_add(p, rest, constant(p, 1) - p);
        } else {
            return lanes::multiply_add(p, lanes::multiply_add(constant(p, 2), rest, constant(p, 0) - k), lanes::rounded(lack * lack));
        }
    }
    static constexpr auto partials(auto p, auto l, auto k) {
        const auto one = constant(p, 1), q = one - p;
        if constexpr (N == 1) {
            return std::tuple{k - one - l, -p, p};
        } else {
            return std::tuple{k - constant(p, 2) * ((q - p) * l + q), constant(p, -2) * (p * q), p};
        }
    }
};

/// smoothing_terms<n>(x, w, k) = sum of w (k (1 - p) - (1 - p)^n log p), p = softmax(x), over the last axis; n is 0, 1 or 2. It is the part
/// of the target that label smoothing spreads over all classes, each with its focal and poly term. A class at -inf counts nothing.
///
/// Shape       x [S..., C], w [C] or [], k []  ->  [S...]
/// Derivative  c - p sum(c), c = w (n p (1 - p)^(n - 1) log p - (1 - p)^n - k p)
/// Method      n = 0: moments of the softmax. Else one pass more, over terms made of p: where p is nearly 1 the other classes' terms are
///             all that matters, so 1 - p stands as it is
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
    static constexpr auto expand(auto y, auto x, auto w, auto k) {
        if (y.attr().number == 0) return k * others(x, w) - moment({0, 1}, x, w);
        return -counted(log_p(y, x), w, part_of<smoothing_term_op<1>, smoothing_term_op<2>>(y, x, k)).sum(1u << y.shape().rank);
    }
    static constexpr auto pullback(auto g, auto y, auto x, auto w, auto k) {
        const auto last = 1u << y.shape().rank, all = last - 1;
        const auto c = slopes(y, x, w, k), bar = g.insert_axes(last, x);
        return std::tuple{x.softmax(last) * (g * sum_of_slopes(c, y, x, w, k)).insert_axes(last, x) - bar * c, detail::summed_for(-bar * values(y, x, k), w),
                          all ? (g * others(x, w)).sum(all) : g * others(x, w)};
    }
    static constexpr auto tangent(auto y, auto x, auto w, auto k, auto tx, auto tw, auto tk) {
        const auto last = 1u << y.shape().rank;
        const auto on_average = (x.softmax(last) * tx).sum(last).insert_axes(last, x);
        return tk * others(x, w) - (slopes(y, x, w, k) * (tx - on_average) + values(y, x, k) * tw).sum(last);
    }

private:
    /// The sum of w (1 - p).
    static constexpr auto others(auto x, auto w) { return moment({0, 0}, x, w) - moment({1, 0}, x, w); }
    /// w t of the classes that count: x may be the logits or log p, whichever is at hand.
    static constexpr auto counted(auto x, auto w, auto t) { return ast::apply<select_op>(detail::takes_part(x), w * t, constant(x, 0)).spread_to(x.shape()); }
    static constexpr auto log_p(auto y, auto x) { return ast::apply_with<log_softmax_op>({.axes = 1u << y.shape().rank}, x); }
    template <class First, class Second>
    static constexpr auto part_of(auto y, auto x, auto k) {
        const auto p = x.softmax(1u << y.shape().rank), l = log_p(y, x);
        return y.attr().number == 1 ? ast::apply<First>(p, l, k) : ast::apply<Second>(p, l, k);
    }
    /// Of each class its term, and w times the term's derivative by log p; both with their signs turned.
    static constexpr auto values(auto y, auto x, auto k) {
        const auto one = constant(x, 1);
        if (y.attr().number == 0) return counted(x, one, log_p(y, x) - k * (one - x.softmax(1u << y.shape().rank)));
        return counted(log_p(y, x), one, part_of<smoothing_term_op<1>, smoothing_term_op<2>>(y, x, k));
    }
    static constexpr auto slopes(auto y, auto x, auto w, auto k) {
        if (y.attr().number == 0) return counted(x, w, constant(x, 1) + k * x.softmax(1u << y.shape().rank));
        return counted(log_p(y, x), w, part_of<smoothing_slope_op<1>, smoothing_slope_op<2>>(y, x, k));
    }
    static constexpr auto sum_of_slopes(auto c, auto y, auto x, auto w, auto k) {
        return y.attr().number == 0 ? moment({0, 0}, x, w) + k * moment({1, 0}, x, w) : c.sum(1u << y.shape().rank);
    }
};

}  // namespace xgrad
