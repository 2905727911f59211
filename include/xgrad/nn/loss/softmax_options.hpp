// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/arguments.hpp>

namespace xgrad {

namespace detail {
/// Whether a number lies in [0, 1], as far as the compiler knows it.
template <class E>
constexpr bool may_be_share() {
    if constexpr (is_bad<E>) {
        return true;
    } else {
        return !is_constant<E> || (ast::node_traits<E>::of()->attr.number >= 0 && ast::node_traits<E>::of()->attr.number <= 1);
    }
}
}  // namespace detail

/// Options of the softmax family beside those of every loss. k, c, T ... are numbers such as 0.1_c or an xg::scalar<"name">.
///
///   class_weight(w)       w [C]: class i counts w_i times
///   label_smoothing(e)    the target becomes (1 - e) target + e / C. A class whose logit is -inf takes no part in e / C. Binary losses that
///                         take it have two classes: (1 - e) y + e / 2
///   z_loss(k)             + k lse^2, lse = log sum e^z, which keeps the logits near 0; not multiplied by class weights (Liger)
///   softcap(c)            z becomes c tanh(z / c)
///   temperature(T), logit_scale(s)   z becomes z / T or s z; after the cap
///   focal(g)              each class's term -log p is multiplied by (1 - p)^g; focal's alpha is class_weight
///   poly(e)               each class's term gets + e (1 - p) beside it
///   class_axis<i>         the classes of z are its axis i, as in [N, C, height, width] with class_axis<1>; labels lack that axis,
///                         a distribution has it at the same place
template <ast::symbolic W>
constexpr value_option<option_kind::class_weight, W> class_weight(W w) {
    return {w};
}
template <ast::symbolic E>
constexpr value_option<option_kind::label_smoothing, E> label_smoothing(E e) {
    static_assert(detail::may_be_share<E>(), "xgrad::label_smoothing(e): e lies between 0 and 1.");
    return {e};
}
template <ast::symbolic K>
constexpr value_option<option_kind::z_loss, K> z_loss(K k) {
    return {k};
}
template <ast::symbolic C>
constexpr value_option<option_kind::softcap, C> softcap(C c) {
    return {c};
}
template <ast::symbolic S>
constexpr value_option<option_kind::logit_scale, S> logit_scale(S s) {
    return {s};
}
template <ast::symbolic T>
constexpr auto temperature(T t) {
    return logit_scale(number<1.0> / t);
}
template <ast::symbolic G>
constexpr value_option<option_kind::focal, G> focal(G gamma) {
    return {gamma};
}
template <ast::symbolic E>
constexpr value_option<option_kind::poly, E> poly(E e) {
    return {e};
}
template <int Axis>
struct class_axis_option {
    static constexpr auto kind = option_kind::class_axis;
    static constexpr int axis = Axis;
};
template <int Axis>
inline constexpr class_axis_option<Axis> class_axis{};

/// log_target: kl_divergence and reverse_kl are given log q in place of q.
struct log_target_option {
    static constexpr auto kind = option_kind::log_target;
};
inline constexpr log_target_option log_target{};
/// item_mask(m): which items of a ranking count, boolean [S..., items].
template <ast::symbolic M>
constexpr value_option<option_kind::item_mask, M> item_mask(M m) {
    return {m};
}

namespace detail {
inline constexpr double minus_infinity = -std::numeric_limits<double>::infinity();

/// The logits with 0 in the rows that do not count, whatever these hold.
template <class Z, class T, class... Options>
constexpr auto logits_that_count(Z given, T t, Options... options) {
    return where_counted(counted(given, number<0.0>, options...), rows_with_label(t), number<0.0>);
}

inline constexpr option_kind logit_options = option_kind::softcap | option_kind::logit_scale | option_kind::class_axis;

/// A shape with one axis put last.
template <const record* R, int Axis>
struct classes_last {
    static constexpr int rank = R->extents.rank, axis = Axis;
    static_assert(axis >= 0 && axis < rank, "xgrad::class_axis<i>: the logits do not have that axis. Fix: it runs from 0 to rank - 1, or from -rank to -1.");
    static constexpr int from(int i) { return i < axis ? i : i == rank - 1 ? axis : i + 1; }
    static constexpr axis_map source = [] {
        axis_map made{};
        for (int i = 0; i < rank; ++i) made[static_cast<std::size_t>(i)] = static_cast<std::int8_t>(from(i));
        return made;
    }();
    static constexpr shape extents = [] {
        shape made = R->extents;
        for (int i = 0; i < rank; ++i) made[i] = R->extents[from(i)];
        return made;
    }();
};
/// x with its classes last, as the losses have them. Costs no pass: its readers use other strides.
template <class X, class Option>
constexpr auto with_classes_last(X x, Option) {
    if constexpr (!is_given<Option> || is_bad<X>) {
        return x;
    } else {
        constexpr int axis = Option::axis < 0 ? Option::axis + rank_of<X>() : Option::axis;  // one view for either way to say it
        using view = classes_last<ast::node_traits<X>::of(), axis>;
        return ast::apply<movement_op, attributes{.source = view::source, .target = &view::extents}>(x);
    }
}
/// The logits as the softmax sees them: capped, then scaled.
template <class Z, class... Options>
constexpr auto scaled_logits(Z z, Options... options) {
    const auto c = value_among<option_kind::softcap>(options...);
    const auto capped = [&] {
        if constexpr (is_given<decltype(c)>) {
            return c * tanh(z / c);
        } else {
            return z;
        }
    }();
    return times_given(value_among<option_kind::logit_scale>(options...), capped);
}
/// Class weights have one axis, the classes. `Classes` is what they should be.
template <class W, std::int64_t Classes>
constexpr void check_class_weight() {
    if constexpr (is_given<W> && !is_bad<W>) {
        static_assert(rank_of<W>() == 1, "xgrad::class_weight(w): w must have one axis, [classes]. Fix: declare it as xg::input<\"w\">(10_c); a weight for each row is row_weight(w).");
        static_assert(last_extent<W>() == Classes || rank_of<W>() != 1, "xgrad::class_weight(w): w must have one number a class. Fix: check its extent and the width of the logits.");
    }
}
}  // namespace detail

}  // namespace xgrad
