// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/numbers.hpp>
#include <xgrad/nn/loss/steps.hpp>
#include <xgrad/ops/ctc.hpp>

namespace xgrad {

/// What ctc_loss takes beside the options of every loss:
///
///   blank<i>            the class that stands for no label; if nothing is said, 0
///   zero_infinity       rows whose labels no alignment gives count 0 and have derivative 0; otherwise inf and NaN (PyTorch)
///   per_label           each row's value is divided by how many labels it has, or by 1: with reduction<"mean">, PyTorch's mean
///   step_mask(m)        m boolean [time, batch]: steps where it is false are not there, whatever they hold
///   input_lengths(n)    n [batch]: the same for all but the first n steps of each row
template <int Class>
struct blank_option {
    static constexpr auto kind = option_kind{1ull << 22};
    static constexpr int label = Class;
};
template <int Class>
inline constexpr blank_option<Class> blank{};
inline constexpr switch_option<option_kind{1ull << 23}> zero_infinity{};
inline constexpr switch_option<option_kind{1ull << 24}> per_label{};
template <ast::symbolic N>
constexpr value_option<option_kind{1ull << 25}, N> input_lengths(N n) {
    return {n};
}

namespace detail {
template <class Option>
constexpr int blank_of() {
    if constexpr (is_given<Option>) {
        return Option::label;
    } else {
        return 0;
    }
}
/// How many labels a row has, at least 1.
template <class T>
constexpr auto labels_of_row(T t) {
    return maximum(sum(indicator(t >= number<0.0>), axes<-1>), number<1.0>);
}
/// The rows' values, z [batch, time, classes]; `there` says which steps there are, or is `nothing`.
template <int Blank, class Z, class T, class There>
constexpr auto ctc_rows(Z z, T t, There there) {
    constexpr attributes with_blank{.number = Blank};
    if constexpr (is_given<There>) {
        return ast::apply<ctc_op<true>, with_blank>(log_softmax(where_counted(z, there, number<0.0>)), t, indicator(there));
    } else {
        return ast::apply<ctc_op<false>, with_blank>(log_softmax(z), t);
    }
}
}  // namespace detail

/// ctc_loss(z, t) = -log of the probability that the labels t are left of the classes drawn at each step by softmax(z), once repeats are made one and blanks
/// are taken out.
///
/// Formula     -log sum of prod_s softmax(z_s)[a_s] over all alignments a that collapse to t
/// Gradient    softmax(z)_sk - P(a_s = k | t)
/// Shape       z [time, batch, C], t labels [batch, length] of C classes, the ignored label marking those that are not there  ->  [batch]
/// Options     those of every loss; blank<0>, zero_infinity, per_label, step_mask(m), input_lengths(n)
/// Limits      no labels: all steps are blank; no steps and no labels: 0; too few steps for the labels and the blanks between equal ones, or the blank among
///             the labels: inf, and a derivative of NaN; zero_infinity makes both 0. No second derivative
/// Method      forward and backward recursions in log space and in double, each step's occupancies divided by their sum
/// Source      Graves et al., ICML 2006; defaults as in PyTorch
/// Catalogue   loss, sequence
template <ast::symbolic Z, ast::symbolic T, class... Options>
constexpr auto ctc_loss(Z logits, T t, Options... options) {
    static_assert(!detail::is_probability<Z>(), "xgrad::ctc_loss(z, t): z must be logits. Fix: drop the softmax at the end of the model.");
    static_assert(detail::is_labels<T>(), "xgrad::ctc_loss(z, t): t must be labels. Fix: declare it as xg::labels<\"t\">(batch, length, xg::classes(30_c), xg::ignore_index<-1>).");
    constexpr int blank = detail::blank_of<decltype(detail::option_of<blank_option<0>::kind>(options...))>();
    constexpr std::int64_t width = detail::last_extent<Z>();
    if constexpr (is_bad<Z> || is_bad<T>) {
        return logits;
    } else if constexpr (detail::rank_of<Z>() < 3) {
        return reported(ast::bad<ctc_op<false>, 1, detail::rank_of<Z>(), 3>{});
    } else {
        static_assert(width == static_cast<std::int64_t>(detail::class_count_of<T>()),
                      "xgrad::ctc_loss(z, t): the last extent of z must equal the class count of t, the blank among them. Fix: check the width of the last layer.");
        static_assert(blank >= 0 && blank < width, "xgrad::blank<i>: the blank is one of the classes, 0 to classes - 1.");
        const auto z = counted(detail::steps_behind_rows(logits), number<0.0>, options...);
        const auto rows = detail::ctc_rows<blank>(z, t, detail::steps_there(z, options...));
        const auto finite = [&] {
            if constexpr (detail::has_option<decltype(zero_infinity)::kind, Options...>) {
                return select(rows == number<std::numeric_limits<double>::infinity()>, number<0.0>, rows);
            } else {
                return rows;
            }
        }();
        const auto divided = [&] {
            if constexpr (detail::has_option<decltype(per_label)::kind, Options...>) {
                return finite / detail::labels_of_row(t);
            } else {
                return finite;
            }
        }();
        constexpr auto known = named::step_mask | blank_option<0>::kind | decltype(zero_infinity)::kind | decltype(per_label)::kind | option_kind{1ull << 25};
        return reduced<known>(divided, nothing, nothing, options...);
    }
}

}  // namespace xgrad
