// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/numbers.hpp>
#include <xgrad/nn/loss/softmax_options.hpp>

namespace xgrad {

/// row_weights(z, t, w): the class weight of each row's target, [S...]; for `weighted_mean`.
template <ast::symbolic Z, ast::symbolic T, ast::symbolic W>
constexpr auto row_weights(Z z, T t, W w) {
    return pick(w + number<0.0> * z, t);  // w spread to the shape of z; the product is never computed
}

/// weighted_mean(loss, w) = sum(loss w) / sum(w), PyTorch's mean under class weights.
template <ast::symbolic L, ast::symbolic W>
constexpr auto weighted_mean(L loss, W w) {
    return sum(loss * w) / sum(w);
}

namespace detail {
/// A class's term, -log p, with what focal and poly make of it; `others` is 1 - p. Where log p = 0 the term is 0, and so is its
/// derivative, which focal writes as (1 - p)^(g - 1) log p.
template <class L, class O, class... Options>
constexpr auto class_term(L log_p, O others, Options... options) {
    const auto gamma = value_among<option_kind::focal>(options...);
    const auto epsilon = value_among<option_kind::poly>(options...);
    const auto term = [&] {
        if constexpr (is_given<decltype(gamma)>) {
            const auto sure = others == number<0.0>;
            return select(sure, number<0.0>, -pow(select(sure, number<1.0>, others), gamma) * log_p);
        } else {
            return -log_p;
        }
    }();
    if constexpr (is_given<decltype(epsilon)>) {
        return term + epsilon * others;
    } else {
        return term;
    }
}
/// How many classes there are: a number, or where the axis has a name what its extent is when arrays are bound.
template <class Z>
constexpr auto number_of_classes(Z z) {
    constexpr const record* r = ast::node_traits<Z>::of();
    if constexpr (r->extents[r->extents.rank - 1].is_dynamic()) {
        return reduce<count_op>(z, axes<-1>);
    } else {
        return number<static_cast<double>(last_extent<Z>())>;
    }
}
/// gamma where `smoothing_terms` knows its power: none, 1 or 2; else -1.
template <class Gamma>
constexpr int small_power() {
    if constexpr (!is_given<Gamma>) {
        return 0;
    } else {
        return is_number<Gamma>(1) ? 1 : is_number<Gamma>(2) ? 2 : -1;
    }
}
/// sum over classes of w (term of the class), for the part of the target that label smoothing spreads: without the classes
/// whose logit is -inf. Here 1 - p may be taken as it stands: where p is nearly 1 the other classes' terms are all that matters.
template <class Z, class W, class... Options>
constexpr auto terms_of_all_classes(Z z, W w, Options... options) {
    constexpr int power = small_power<decltype(value_among<option_kind::focal>(options...))>();
    if constexpr (power >= 0) {
        return ast::apply<smoothing_terms_op, attributes{.number = power}>(z, given_or(w, number<1.0>), given_or(value_among<option_kind::poly>(options...), number<0.0>));
    } else {
        const auto out = z == number<minus_infinity>;
        const auto log_p = select(out, number<0.0>, log_softmax(z));
        return sum(select(out, number<0.0>, times_given(w, class_term(log_p, number<1.0> - softmax(z), options...))), axes<-1>);
    }
}
/// 1 - softmax(z)[t] of each row, from the sum that the loss's derivative needs too.
template <class Z, class T>
constexpr auto probability_of_others(Z z, T t) {
    return sum(ast::apply<others_probability_op, attributes{.number = class_count_of<T>()}>(z, t), axes<-1>);  // its last axis has extent 1
}
/// The term of a row's target: of its label, or of all classes by the distribution. A class of no weight counts nothing.
template <class Z, class T, class W, class... Options>
constexpr auto target_term(Z z, T t, W w, Options... options) {
    constexpr bool plain = !has_option<option_kind::focal, Options...> && !has_option<option_kind::poly, Options...>;
    if constexpr (is_labels<T>()) {
        const auto log_p = pick(log_softmax(z), t);
        if constexpr (plain) {
            return -log_p;
        } else {
            return class_term(log_p, probability_of_others(z, t), options...);
        }
    } else if constexpr (plain) {
        return -sum(select(t == number<0.0>, number<0.0>, times_given(w, t) * log_softmax(z)), axes<-1>);
    } else {
        const auto log_p = select(t == number<0.0>, number<0.0>, log_softmax(z));
        return sum(times_given(w, t) * class_term(log_p, -expm1(log_p), options...), axes<-1>);
    }
}
/// The loss of each row, class weights in it; `of_target` is the weight of its label.
template <class Z, class T, class W, class V, class... Options>
constexpr auto cross_entropy_rows(Z z, T t, W w, V of_target, Options... options) {
    if constexpr (is_bad<Z> || is_bad<T>) {
        return z;
    } else {
        const auto target = times_given(of_target, target_term(z, t, w, options...));
        const auto epsilon = value_among<option_kind::label_smoothing>(options...);
        const auto k = value_among<option_kind::z_loss>(options...);
        const auto smoothed = [&] {
            if constexpr (is_given<decltype(epsilon)>) {
                return (number<1.0> - epsilon) * target + epsilon / number_of_classes(z) * terms_of_all_classes(z, w, options...);
            } else {
                return target;
            }
        }();
        if constexpr (is_given<decltype(k)>) {
            return smoothed + k * square(logsumexp(z, axes<-1>));
        } else {
            return smoothed;
        }
    }
}
/// The weight of each row's target: its label's, or the distribution's sum of w q.
template <class Z, class T, class W>
constexpr auto weight_of_rows(Z z, T t, W w) {
    if constexpr (!is_given<W>) {
        return nothing;
    } else if constexpr (is_labels<T>()) {
        return row_weights(z, t, w);
    } else {
        return sum(w * t, axes<-1>);
    }
}
}  // namespace detail

/// cross_entropy(z, t) = -log softmax(z)[t] for labels t, -sum(q log softmax(z)) for a distribution q, over the last axis.
///
/// Formula     max - z_t + log1p(sum of e^(z_j - max) over all but the largest)
/// Gradient    softmax(z) - one_hot(t), the target's entry as minus the sum of the others; sum(q) softmax(z) - q
/// Shape       z [S..., C]; t labels [S...] or a distribution [S..., C]  ->  [S...]
/// Options     those of every loss; class_weight(w), label_smoothing(e), z_loss(k), softcap(c), temperature(T), logit_scale(s),
///             focal(g), poly(e), class_axis<i>. With class weights a mean of labels divides by the sum of the targets' weights,
///             a mean of distributions by the number of rows (PyTorch); normaliser<"weights"> makes the second like the first
/// Limits      rows with the ignored label count 0, whatever they hold; q = 0 counts 0, also where z is -inf
/// Method      (max - z_t) + log1p(sum of the others): six digits even where the model is sure
/// Source      Shannon 1948; options as in PyTorch; focal: Lin et al., ICCV 2017; poly: Leng et al., ICLR 2022; z-loss: PaLM, 2022
/// Catalogue   loss, softmax family
template <ast::symbolic Z, ast::symbolic T, class... Options>
constexpr auto cross_entropy(Z logits, T target, Options... options) {
    static_assert(!detail::is_labels<Z>(), "xgrad::cross_entropy(z, t): z is labels, so the arguments have changed places. Fix: write the logits first.");
    static_assert(!detail::is_probability<Z>(),
                  "xgrad::cross_entropy(z, t): z is a probability already, and the softmax would be applied twice. "
                  "Fix: drop the softmax at the end of the model, or call cross_entropy_of(target, predicted).");
    const auto axis = detail::option_of<option_kind::class_axis>(options...);
    const auto given = detail::with_classes_last(logits, axis);
    const auto t = [&] {
        if constexpr (detail::is_labels<T>()) {
            return target;
        } else {
            return detail::distribution_for(given, detail::with_classes_last(target, axis));
        }
    }();
    using Given = std::remove_cv_t<decltype(given)>;
    constexpr std::int64_t width = detail::last_extent<Given>(), classes = detail::width_for<T>(width);
    static_assert(width == classes,
                  "xgrad::cross_entropy(z, t): the last extent of z must equal the class count of t. "
                  "Fix: check the width of the last layer and classes(...) of the labels.");
    if constexpr (is_bad<Z> || is_bad<T>) {
        return logits;
    } else if constexpr (width != classes) {
        return ast::bad<pick_op, 2, width, classes>{};
    } else {
        const auto w = detail::value_among<option_kind::class_weight>(options...);
        detail::check_class_weight<std::remove_cv_t<decltype(w)>, width>();
        const auto labelled = detail::rows_with_label(target);
        const auto z = detail::scaled_logits(detail::logits_that_count(given, target, options...), options...);
        const auto weight = detail::weight_of_rows(z, t, w);
        const auto of_label = [&] {
            if constexpr (detail::is_labels<T>()) {
                return weight;
            } else {
                return nothing;
            }
        }();
        constexpr option_kind known = option_kind::class_weight | option_kind::label_smoothing | option_kind::z_loss | option_kind::focal | option_kind::poly | detail::logit_options;
        return reduced<known, detail::is_labels<T>()>(detail::cross_entropy_rows(z, t, w, of_label, options...), weight, labelled, options...);
    }
}

}  // namespace xgrad
