// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/expr/declaration_text.hpp>
#include <xgrad/ops/all.hpp>

namespace xgrad {

/// What may follow a loss's arguments, in any order: `cross_entropy(z, t, class_weight(w), reduction<"mean">)`. A loss refuses
/// what it does not know. Options that say how rows become one number, and which rows count, are every loss's:
///
///   reduction<"none">        one value a row: what a loss gives if nothing is said
///   reduction<"sum">         the sum of the rows that count
///   reduction<"mean">        the sum divided by the normaliser
///   reduction<"batch_mean">  the sum divided by the extent of the first axis
///   row_weight(w)            w [S...], or [S'] with the first axes of S: each row's loss is multiplied by its weight
///   row_mask(m)              m boolean [S...], or [S'] with the first axes of S: rows where it is false count 0, whatever they hold, NaN included
///   normaliser<"...">        what the mean divides by. "weights": the sum of class and row weights; "rows": how many rows count;
///                            "batch": how many there are. If nothing is said: the sum of the class weights, which is
///                            how many rows count where there are none (PyTorch)
///   empty_mean<"...">        the mean of no rows: "nan" (PyTorch, and if nothing is said) or "zero" (Keras, ONNX Runtime)
enum class option_kind : std::uint64_t {
    none = 0,
    reduction = 1 << 0,
    row_weight = 1 << 1,
    row_mask = 1 << 2,
    normaliser = 1 << 3,
    empty_mean = 1 << 4,
    every_loss = (1 << 5) - 1,
    class_weight = 1 << 5,
    label_smoothing = 1 << 6,
    logit_scale = 1 << 7,
    softcap = 1 << 8,
    z_loss = 1 << 9,
    focal = 1 << 10,
    poly = 1 << 11,
    class_axis = 1 << 12,
    log_target = 1 << 13,
    item_mask = 1 << 14,
    start_scores = 1 << 15,
    end_scores = 1 << 16 /* up to 1 << 31 those of layers and losses over sequences, from 1 << 32 those of numbers.hpp */
};
constexpr option_kind operator|(option_kind a, option_kind b) { return static_cast<option_kind>(static_cast<std::uint64_t>(a) | static_cast<std::uint64_t>(b)); }

/// An option that holds an expression: a weight, a mask, a number.
template <option_kind Kind, class X>
struct value_option {
    static constexpr auto kind = Kind;
    X value;
};

template <fixed_string How>
struct reduction_option {
    static constexpr auto kind = option_kind::reduction;
    static constexpr std::string_view how = How;
    static_assert(how == "none" || how == "sum" || how == "mean" || how == "batch_mean", "xgrad::reduction<...>: it is \"none\", \"sum\", \"mean\" or \"batch_mean\".");
};
template <fixed_string How>
inline constexpr reduction_option<How> reduction{};

template <ast::symbolic W>
constexpr value_option<option_kind::row_weight, W> row_weight(W w) {
    return {w};
}
template <ast::symbolic M>
constexpr value_option<option_kind::row_mask, M> row_mask(M m) {
    return {m};
}

template <fixed_string By>
struct normaliser_option {
    static constexpr auto kind = option_kind::normaliser;
    static constexpr std::string_view by = By;
    static_assert(by == "weights" || by == "rows" || by == "batch", "xgrad::normaliser<...>: it is \"weights\", \"rows\" or \"batch\".");
};
template <fixed_string By>
inline constexpr normaliser_option<By> normaliser{};

template <fixed_string Is>
struct empty_mean_option {
    static constexpr auto kind = option_kind::empty_mean;
    static constexpr std::string_view is = Is;
    static_assert(is == "nan" || is == "zero", "xgrad::empty_mean<...>: it is \"nan\" or \"zero\".");
};
template <fixed_string Is>
inline constexpr empty_mean_option<Is> empty_mean{};

/// Stands for an expression that is not there: no weight, no mask.
struct nothing_t {};
inline constexpr nothing_t nothing{};

namespace detail {
constexpr bool holds(option_kind some, option_kind one) { return (static_cast<std::uint64_t>(some) & static_cast<std::uint64_t>(one)) == static_cast<std::uint64_t>(one); }

/// What an option is for; `none` of what is no option.
template <class O>
constexpr option_kind kind_of() {
    if constexpr (requires { O::kind; }) {
        return O::kind;
    } else {
        return option_kind::none;
    }
}
/// The option of a kind among those given, or `nothing`.
template <option_kind Kind>
constexpr nothing_t option_of() {
    return {};
}
template <option_kind Kind, class First, class... Rest>
constexpr auto option_of(First first, Rest... rest) {
    if constexpr (kind_of<First>() == Kind) {
        return first;
    } else {
        return option_of<Kind>(rest...);
    }
}
template <class X>
inline constexpr bool is_given = !std::is_same_v<std::remove_cv_t<X>, nothing_t>;
template <option_kind Kind, class... Options>
inline constexpr bool has_option = (false || ... || (kind_of<Options>() == Kind));
/// Every option is of a kind that is allowed, and no kind is there twice.
template <option_kind Allowed, class... Options>
inline constexpr bool are_known = (true && ... && (kind_of<Options>() == option_kind::none || holds(Allowed, kind_of<Options>())));
template <class... Options>
inline constexpr bool are_distinct = [] {
    std::uint64_t seen = 0;
    bool distinct = true;
    for (const option_kind kind : {option_kind::none, kind_of<Options>()...}) {
        distinct = distinct && !(seen & static_cast<std::uint64_t>(kind));
        seen |= static_cast<std::uint64_t>(kind);
    }
    return distinct;
}();

template <class X>
constexpr int rank_of() {
    if constexpr (is_bad<X>) {
        return 0;
    } else {
        return ast::node_traits<X>::of()->extents.rank;
    }
}
/// The shape of a row's value beside the row: [S..., 1].
template <const record* Rows>
inline constexpr shape column_shape = [] {
    shape s = Rows->extents;
    s.push_back(one_extent);
    return s;
}();
/// A value a row, [S...], as a column [S..., 1] that broadcasts over the row.
template <class X>
constexpr auto column(X x) {
    if constexpr (is_bad<X>) {
        return x;
    } else {
        constexpr const record* rows = ast::node_traits<X>::of();
        constexpr std::uint32_t last = 1u << rows->extents.rank;
        return ast::apply<movement_op, attributes{.source = kept_source(column_shape<rows>, last), .target = interned_shape<column_shape<rows>>}>(x);
    }
}
/// x where `counts` holds, [S...] for x [S...], [S..., C] or more, and `safe` elsewhere: what a skipped row holds reaches neither
/// loss nor gradient.
template <class X, class M, class Safe>
constexpr auto where_counted(X x, M counts, Safe safe) {
    if constexpr (!is_given<M> || is_bad<X> || is_bad<M>) {
        return x;
    } else if constexpr (rank_of<X>() > rank_of<M>()) {
        return where_counted(x, column(counts), safe);
    } else {
        return select(counts, x, safe);
    }
}
constexpr bool are_first_axes(const shape& few, const shape& all) {
    for (int i = 0; i < few.rank; ++i)
        if (few.rank >= all.rank || !(few[i] == all[i])) return false;
    return few.rank > 0;
}
/// Weights of rows beside the rows: of fewer axes, if they are the rows' first, as a mask's are; else as they meet.
template <class W, class Rows>
constexpr auto beside_rows(W w, Rows rows) {
    if constexpr (!is_given<W> || is_bad<W>) {
        return w;
    } else if constexpr (are_first_axes(ast::node_traits<W>::of()->extents, ast::node_traits<Rows>::of()->extents)) {
        return beside_rows(column(w), rows);
    } else {
        return w;
    }
}
/// What an option holds, and the text of one that is a word.
constexpr nothing_t value_of(nothing_t) { return {}; }
template <option_kind Kind, class X>
constexpr X value_of(value_option<Kind, X> o) {
    return o.value;
}
/// The same of the option of a kind among those given.
template <option_kind Kind, class... Options>
constexpr auto value_among(Options... options) {
    return value_of(option_of<Kind>(options...));
}
template <class O>
constexpr std::string_view word_of() {
    if constexpr (requires { O::how; }) {
        return O::how;
    } else if constexpr (requires { O::by; }) {
        return O::by;
    } else {
        return O::is;
    }
}
template <option_kind Kind, class... Options>
constexpr std::string_view setting(std::string_view otherwise) {
    using Found = decltype(option_of<Kind>(std::declval<Options>()...));
    if constexpr (is_given<Found>) {
        return word_of<Found>();
    } else {
        return otherwise;
    }
}
/// Both conditions, of those that are given.
template <class A, class B>
constexpr auto both(A a, B b) {
    if constexpr (!is_given<A>) {
        return b;
    } else if constexpr (!is_given<B>) {
        return a;
    } else {
        return indicator(a) * indicator(b) > number<0.0>;
    }
}
template <class X, class Otherwise>
constexpr auto given_or(X x, Otherwise otherwise) {
    if constexpr (is_given<X>) {
        return x;
    } else {
        return otherwise;
    }
}
template <class A, class B>
constexpr auto times_given(A a, B b) {
    if constexpr (!is_given<A>) {
        return b;
    } else if constexpr (!is_given<B>) {
        return a;
    } else {
        return a * b;
    }
}
template <class A, class B>
constexpr bool have_one_shape() {
    if constexpr (is_bad<A> || is_bad<B> || !is_given<A> || !is_given<B>) {
        return true;
    } else {
        return ast::node_traits<A>::of()->extents == ast::node_traits<B>::of()->extents;
    }
}
/// How much of `counts` (and of `weight`, where there is one) is in rows of this shape: the mean's divisor.
template <class Rows, class Weight, class Counts>
constexpr auto amount(Rows rows, Weight weight, Counts counts) {
    const auto spread = [&](auto x) { return sum(where_counted(x + number<0.0> * rows, counts, number<0.0>)); };  // to every row; nothing is multiplied
    if constexpr (is_given<Weight>) {
        return spread(weight);
    } else if constexpr (is_given<Counts> && !have_one_shape<Rows, Counts>()) {
        return spread(number<1.0>);
    } else if constexpr (is_given<Counts>) {
        return sum(indicator(counts));
    } else {
        return reduce<count_op>(rows);
    }
}
}  // namespace detail

/// An input of a loss, with `safe` in the rows that a row_mask among the options skips. Losses pass every input through it first.
template <class X, class Safe, class... Options>
constexpr auto counted(X x, Safe safe, Options... options) {
    return detail::where_counted(x, detail::value_among<option_kind::row_mask>(options...), safe);
}

namespace detail {
template <fixed_string Prediction, fixed_string Target, bool Are>
constexpr bool have_equal_ranks() {
    return Are;
}
template <fixed_string Prediction, fixed_string Target>
constexpr void refuse_ranks() {
    static_assert(have_equal_ranks<Prediction, Target, false>(),
                  "xgrad: a prediction and its target must have equal ranks: [batch, 1] and [batch] would meet in all pairs. Fix: declare the target as (batch, 1_c), or reshape one of them.");
}
}  // namespace detail

/// The target of a prediction, of equal rank unless one of them is a number. (An extent of 1 is broadcast as everywhere.) Losses that take the two
/// together element by element pass their target through it.
template <class P, class Y>
constexpr Y target_for(P, Y y) {
    if constexpr (!is_bad<P> && !is_bad<Y>) {
        constexpr int p_rank = detail::rank_of<P>(), y_rank = detail::rank_of<Y>();
        if constexpr (p_rank != y_rank && p_rank != 0 && y_rank != 0)
            detail::refuse_ranks<detail::text_of<ast::node_traits<P>::of()->extents>(), detail::text_of<ast::node_traits<Y>::of()->extents>()>();
    }
    return y;
}
/// p - y, a prediction and its target.
template <class P, class Y>
constexpr auto difference(P p, Y y) {
    return p - target_for(p, y);
}

/// The last step of a loss: its rows weighted, masked and reduced as the options say. `class_weight` is the class weight of each row
/// or `nothing`; the rows are multiplied by it already, here it is what a mean divides by (where `Divides`, if nothing else is said).
/// `counts` says which rows have a label that counts, or is `nothing`. Allowed are the kinds this loss knows beside those every loss does.
template <option_kind Allowed = option_kind::every_loss, bool Divides = true, class Rows, class Weight, class Counts, class... Options>
constexpr auto reduced(Rows rows, Weight class_weight, Counts counts, Options... options) {
    static_assert(!detail::has_option<option_kind::none, Options...>, "xgrad: something is given to a loss as an option that has no option's name. Fix: name it, as in delta(1_c) or row_weight(w).");
    static_assert(detail::are_known<Allowed | option_kind::every_loss, Options...>, "xgrad: this loss does not take one of the options given to it. Fix: its doc lists those it takes.");
    static_assert(detail::are_distinct<Options...>, "xgrad: a loss is given one option twice (temperature and logit_scale are one).");
    if constexpr (is_bad<Rows>) {
        return rows;
    } else {
        const auto row = detail::beside_rows(detail::value_among<option_kind::row_weight>(options...), rows);
        using Row = std::remove_const_t<decltype(row)>;
        if constexpr (detail::is_given<Row>)
            static_assert(detail::rank_of<Row>() <= detail::rank_of<Rows>(), "xgrad::row_weight: it has more axes than the rows that it weights: [batch, 1] and [batch] would meet in all pairs. Fix: declare it with the rows' axes.");
        const auto rows_that_count = detail::both(detail::value_among<option_kind::row_mask>(options...), counts);
        const auto values = detail::where_counted(detail::times_given(row, rows), rows_that_count, number<0.0>);
        constexpr std::string_view how = detail::setting<option_kind::reduction, Options...>("none");
        if constexpr (how == "none") {
            return values;
        } else if constexpr (how == "sum") {
            return sum(values);
        } else if constexpr (how == "batch_mean") {
            return sum(values) / detail::reduce<count_op>(rows, axes<0>);
        } else {
            constexpr std::string_view by = detail::setting<option_kind::normaliser, Options...>(Divides ? "classes" : "rows");
            const auto divisor = [&] {
                if constexpr (by == "weights") return detail::amount(rows, detail::times_given(row, class_weight), rows_that_count);
                else if constexpr (by == "rows") return detail::amount(rows, nothing, rows_that_count);
                else if constexpr (by == "batch") return detail::amount(rows, nothing, nothing);
                else return detail::amount(rows, class_weight, rows_that_count);
            }();
            if constexpr (detail::setting<option_kind::empty_mean, Options...>("nan") == "zero") {
                return sum(values) / select(divisor == number<0.0>, number<1.0>, divisor);
            } else {
                return sum(values) / divisor;
            }
        }
    }
}

}  // namespace xgrad
