// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/numbers.hpp>
#include <xgrad/nn/step_mask.hpp>
#include <xgrad/ops/ctc.hpp>

namespace xgrad {

namespace named {
inline constexpr auto blank = option_kind{1ull << 22};
inline constexpr auto zero_infinity = option_kind{1ull << 23};
inline constexpr auto per_label = option_kind{1ull << 24};
inline constexpr auto input_lengths = option_kind{1ull << 25};
}  // namespace named

/// What ctc_loss takes beside the options of every loss, as in
///
///     constexpr auto z = model(x);  // [time, batch, 29_c]
///     constexpr auto t = xg::labels<"t">(batch, xg::axis<"length">, xg::classes(29_c), xg::ignore_index<-1>);  // shorter ones end in -1
///     constexpr auto loss = xg::ctc_loss(z, t, xg::input_lengths(n), xg::zero_infinity, xg::per_label, xg::reduction<"mean">);
///
/// and once trained, `ctc_beam(trainer.compile(log_softmax(z))(x = X), 16)` (train/ctc.hpp) gives the labels.
///
///   blank<i>            the class that stands for no label; if nothing is said, 0
///   zero_infinity       rows whose labels no alignment gives count 0 and have derivative 0; otherwise inf and NaN (PyTorch)
///   per_label           each row's value is divided by how many labels it has, or by 1: with reduction<"mean">, PyTorch's mean
///   step_mask(m)        m boolean [time, batch]: steps where it is false are not there, whatever they hold
///   input_lengths(n)    n [batch]: the same for all but the first n steps of each row
template <int Class>
struct blank_option {
    static constexpr auto kind = named::blank;
    static constexpr int label = Class;
};
template <int Class>
inline constexpr blank_option<Class> blank{};
inline constexpr switch_option<named::zero_infinity> zero_infinity{};
inline constexpr switch_option<named::per_label> per_label{};
template <ast::symbolic N>
constexpr value_option<named::input_lengths, N> input_lengths(N n) {
    return {n};
}

namespace detail {
/// x [time, S..., C] as [S..., time, C], or a mask [time, S...] as [S..., time]. Costs no pass.
template <int Kept = 1, class X>
constexpr auto steps_behind_rows(X x) {
    return with_axis_moved<0, rank_of<X>() - 1 - Kept>(x);
}
/// Which steps there are, [S..., time] for z [S..., time, C]: what step_mask says, or input_lengths.
template <class Z, class... Options>
constexpr auto steps_there(Z, Options... options) {
    const auto mask = option_of<named::step_mask>(options...);
    const auto lengths = value_among<named::input_lengths>(options...);
    static_assert(!is_given<decltype(mask)> || !is_given<decltype(lengths)>, "xgrad: a loss is given step_mask and input_lengths; one of them says which steps there are.");
    if constexpr (is_given<decltype(mask)>) {
        return steps_behind_rows<0>(mask.mask);
    } else if constexpr (is_given<decltype(lengths)>) {
        constexpr const record* z = ast::node_traits<Z>::of();
        return ast::apply<position_op, attributes{.target = interned_shape<axis_alone<z, z->extents.rank - 2>>}>() < column(lengths);
    } else {
        return nothing;
    }
}
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
/// Rows without an alignment made 0, rows divided by their labels, where the options say so.
template <class Rows, class T, class... Options>
constexpr auto ctc_adjusted(Rows rows, T t, Options...) {
    if constexpr (has_option<named::zero_infinity, Options...> && !is_bad<Rows>) {
        const auto finite = select(rows == number<std::numeric_limits<double>::infinity()>, number<0.0>, rows);
        if constexpr (has_option<named::per_label, Options...>) {
            return finite / labels_of_row(t);
        } else {
            return finite;
        }
    } else if constexpr (has_option<named::per_label, Options...>) {
        return rows / labels_of_row(t);
    } else {
        return rows;
    }
}
inline constexpr auto ctc_options = named::step_mask | named::blank | named::zero_infinity | named::per_label | named::input_lengths;
}  // namespace detail

}  // namespace xgrad
