// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/expr/literal.hpp>

#include <tuple>

namespace xgrad {

/// Data with a name: an input, labels, a parameter, a run-time scalar.
struct leaf_op : op_defaults {
    static constexpr std::string_view name = "leaf";
    static constexpr op_kind kind = op_kind::leaf;
    static constexpr int arity = 0;
    static constexpr shape_result shape_rule(const attributes& a, const shape*, int) { return {a.leaf->extents}; }
};

/// The size of a named axis, as a number at run time.
struct extent_op : op_defaults {
    static constexpr std::string_view name = "extent";
    static constexpr op_kind kind = op_kind::leaf;
    static constexpr int arity = 0;
    static constexpr shape_result shape_rule(const attributes&, const shape*, int) { return {}; }
};

/// How a parameter starts: a kind, the number for `constant`, and a row that starts as zeros, if there is one.
struct initialiser {
    initialiser_kind kind = initialiser_kind::zeros;
    double value = 0;
    std::int64_t zero_row = -1;
};
inline constexpr initialiser zeros{initialiser_kind::zeros};
inline constexpr initialiser ones{initialiser_kind::ones};
inline constexpr initialiser glorot_uniform{initialiser_kind::glorot_uniform};  ///< U(-r, r), r = sqrt(6 / (in + out))
inline constexpr initialiser glorot_normal{initialiser_kind::glorot_normal};    ///< N(0, 2 / (in + out))
inline constexpr initialiser he_uniform{initialiser_kind::he_uniform};          ///< U(-r, r), r = sqrt(6 / in)
inline constexpr initialiser he_normal{initialiser_kind::he_normal};            ///< N(0, 2 / in)
inline constexpr initialiser lecun_normal{initialiser_kind::lecun_normal};      ///< N(0, 1 / in)
inline constexpr initialiser standard_normal{initialiser_kind::standard_normal};  ///< N(0, 1)

/// How many classes labels have: `labels<"t">(batch, classes(10_c))`.
template <class N>
struct class_count {
    static constexpr std::int64_t value = detail::to_extent(N{}).size;
};
template <class N>
constexpr class_count<N> classes(N) {
    return {};
}
/// The label that marks a row to skip: its loss and its gradient are 0.
template <std::int64_t Label>
struct ignored_label {};
template <std::int64_t Label>
inline constexpr ignored_label<Label> ignore_index{};

namespace detail {
template <fixed_string Name, leaf_kind Kind, domain Range, auto... E>
inline constexpr declaration declared{.name = Name, .kind = Kind, .extents = to_shape(E...), .range = Range};

template <fixed_string Name, std::int64_t Classes, bool HasIgnored, std::int64_t Ignored, auto... E>
inline constexpr declaration declared_labels{.name = Name,
                                             .kind = leaf_kind::labels,
                                             .extents = to_shape(E...),
                                             .classes = Classes,
                                             .has_ignored = HasIgnored,
                                             .ignored = Ignored};

template <fixed_string Name, leaf_kind Kind, initialiser Start, auto... E>
inline constexpr declaration declared_parameter{.name = Name,
                                                .kind = Kind,
                                                .extents = to_shape(E...),
                                                .initialiser = Start.kind,
                                                .initial_value = Start.value,
                                                .zero_row = Start.zero_row};

template <const declaration* D>
using leaf_node = decltype(ast::apply<leaf_op, attributes{.leaf = D}>());

template <class X>
inline constexpr bool is_class_count = false;
template <class N>
inline constexpr bool is_class_count<class_count<N>> = true;
}  // namespace detail

/// Data bound for each call: `constexpr auto x = xg::input<"x">(batch, 32_c);`
/// The values are real numbers; `probability_input` declares them to lie in [0, 1], `mask` to be true or false.
template <fixed_string Name, class... E>
constexpr auto input(E...) {
    return detail::leaf_node<&detail::declared<Name, leaf_kind::input, domain::real, canonical_extent<E>{}...>>{};
}
template <fixed_string Name, class... E>
constexpr auto probability_input(E...) {
    return detail::leaf_node<&detail::declared<Name, leaf_kind::input, domain::probability, canonical_extent<E>{}...>>{};
}
template <fixed_string Name, class... E>
constexpr auto mask(E...) {
    return detail::leaf_node<&detail::declared<Name, leaf_kind::input, domain::boolean, canonical_extent<E>{}...>>{};
}

/// A number that may change from call to call: `xg::scalar<"temperature">`.
template <fixed_string Name>
inline constexpr detail::leaf_node<&detail::declared<Name, leaf_kind::scalar, domain::real>> scalar{};

namespace detail {
template <class X>
inline constexpr std::int64_t class_count_in = 0;
template <class N>
inline constexpr std::int64_t class_count_in<class_count<N>> = class_count<N>::value;
template <class X>
inline constexpr bool is_ignored_label = false;
template <std::int64_t Label>
inline constexpr bool is_ignored_label<ignored_label<Label>> = true;
template <class X>
inline constexpr std::int64_t ignored_in = 0;
template <std::int64_t Label>
inline constexpr std::int64_t ignored_in<ignored_label<Label>> = Label;
/// The first N of the arguments are the extents of the labels, the class count and the ignored label come after them.
template <fixed_string Name, class... A, std::size_t... Extent>
constexpr auto make_labels(std::index_sequence<Extent...>) {
    using all = std::tuple<A...>;
    return leaf_node<&declared_labels<Name, (class_count_in<A> + ...), (is_ignored_label<A> || ...), (ignored_in<A> + ...),
                                      canonical_extent<std::tuple_element_t<Extent, all>>{}...>>{};
}
template <class... A>
constexpr bool labels_are_in_order() {
    constexpr std::size_t n = sizeof...(A);
    constexpr bool counts[] = {is_class_count<A>..., false}, ignores[] = {is_ignored_label<A>..., false};
    std::size_t special = 0;
    for (std::size_t i = 0; i < n; ++i) special += counts[i] || ignores[i];
    return (special == 1 && counts[n - 1]) || (special == 2 && n >= 2 && counts[n - 2] && ignores[n - 1]);
}
}  // namespace detail

/// Class numbers, int32 or int64, 0 to classes - 1: `xg::labels<"t">(batch, xg::classes(10_c))`, with any number of axes, and with
/// a label that marks rows to skip, whichever it is: `xg::labels<"t">(batch, xg::classes(10_c), xg::ignore_index<-100>)`.
/// Checked for their range when bound.
template <fixed_string Name, class... A>
constexpr auto labels(A...) {
    static_assert(detail::labels_are_in_order<A...>(),
                  "xgrad::labels<\"t\">(extents..., classes(n), ignore_index<i>): the extents come first, then the class count, then an ignored label if there is one.");
    constexpr std::size_t last = 1 + (detail::is_ignored_label<A> || ... || false);
    return detail::make_labels<Name, A...>(std::make_index_sequence<sizeof...(A) - last>{});
}

/// Data that training changes: `xg::parameter<"w">(32_c, 64_c)`, `xg::parameter<"w", xg::glorot_uniform>(32_c, 64_c)`.
/// Extents are static. Its name is what it is: the same name elsewhere is the same parameter.
template <fixed_string Name, initialiser Start = zeros, class... E>
constexpr auto parameter(E...) {
    constexpr const declaration* declared = &detail::declared_parameter<Name, leaf_kind::parameter, Start, canonical_extent<E>{}...>;
    static_assert(
        [] {
            for (int i = 0; i < declared->extents.rank; ++i)
                if (declared->extents[i].is_dynamic()) return false;
            return true;
        }(),
        "xgrad::parameter: extents must be numbers. Fix: write 64_c instead of an axis<\"name\">.");
    return detail::leaf_node<declared>{};
}

/// Data of the model that training observes and no gradient changes, such as a running mean: `xg::statistic<"m">(32_c)`. Saved with the
/// parameters, and among them in `trainer.parameters()`. What moves it is `observe` (ops/mode.hpp).
template <fixed_string Name, initialiser Start = zeros, class... E>
constexpr auto statistic(E...) {
    constexpr const declaration* declared = &detail::declared_parameter<Name, leaf_kind::statistic, Start, canonical_extent<E>{}...>;
    static_assert(
        [] {
            for (int i = 0; i < declared->extents.rank; ++i)
                if (declared->extents[i].is_dynamic()) return false;
            return true;
        }(),
        "xgrad::statistic: extents must be numbers. Fix: write 64_c instead of an axis<\"name\">.");
    return detail::leaf_node<declared>{};
}

/// A parameter's name as a key: `trainer.parameters()["hidden.weight"_p]`.
template <fixed_string Name>
struct parameter_key {
    static constexpr std::string_view name = Name;
};

/// A number of the caller's choice as expression, known at compile time.
template <ast::symbolic X>
inline constexpr bool is_constant = ast::node_traits<X>::of()->op == &info<constant_op>;

namespace detail {
/// The number a literal is; -1 of any other expression.
template <class P>
constexpr double literal_value() {
    if constexpr (is_constant<P>) {
        return ast::node_traits<P>::of()->attr.number;
    } else {
        return -1;
    }
}
}  // namespace detail

}  // namespace xgrad
