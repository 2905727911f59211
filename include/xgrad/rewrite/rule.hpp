// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/graph/ref.hpp>
#include <xgrad/ops/all.hpp>

namespace xgrad {

/// What a rule promises about the two sides of a row.
enum class holds : std::uint8_t {
    exactly,             ///< the same bits for every input
    but_for_zero_sign,   ///< the same but that -0 may become +0
    over_the_reals       ///< the same in exact arithmetic; in floating point the right side is the better one
};

/// When a row fires. `stable` rows turn textbook formulas into accurate ones before differentiation; `refined` rows keep the
/// value and add accuracy afterwards, so that `same` need not know them.
enum class rule_group : std::uint8_t { stable, refined };

/// One row: a name, a promise, the pattern and what replaces it, and a further condition where the pattern is not enough.
struct rewrite_rule {
    std::string_view name;
    holds promise = holds::over_the_reals;
    const record* before = nullptr;
    const record* after = nullptr;
    bool (*condition)(const graph&, int matched, const int* bound) = nullptr;
    rule_group group = rule_group::stable;
};

/// A place in a pattern that takes any node; the same number takes the same node everywhere.
struct wildcard_op : op_defaults {
    static constexpr std::string_view name = "wildcard";
    static constexpr op_kind kind = op_kind::leaf;
    static constexpr int arity = 0;
    static constexpr shape_result shape_rule(const attributes& a, const shape*, int) {
        shape_result result;
        if (!a.axes) result.value.push_back({-1, nullptr});
        return result;
    }
};

/// The vocabulary of patterns. Ops over axes match whatever their axes are and hand them on.
namespace pattern {
inline constexpr decltype(ast::apply<wildcard_op, attributes{.number = 0}>()) a{};
inline constexpr decltype(ast::apply<wildcard_op, attributes{.number = 1}>()) b{};
inline constexpr decltype(ast::apply<wildcard_op, attributes{.number = 2}>()) c{};
inline constexpr decltype(ast::apply<wildcard_op, attributes{.number = 3}>()) t{};
/// The same place, with one axis less: a label for each row of a.
inline constexpr decltype(ast::apply<wildcard_op, attributes{.axes = 1, .number = 3}>()) t_of_row{};
inline constexpr int steady_number = 6;
/// Takes any node that does not vary along the axes of the op above it: the shift of a softmax.
inline constexpr decltype(ast::apply<wildcard_op, attributes{.number = steady_number}>()) steady{};
inline constexpr ast::constant_node<1.0> one{};
inline constexpr ast::constant_node<0.0> zero{};

template <class Op>
struct any_axes_function {
    constexpr auto operator()(auto x) const { return ast::apply<Op, attributes{.axes = any_axes}>(x); }
};
inline constexpr any_axes_function<softmax_op> softmax{};
inline constexpr any_axes_function<log_softmax_op> log_softmax{};
inline constexpr any_axes_function<logsumexp_op> logsumexp{};
inline constexpr any_axes_function<sum_op> sum{};
/// A reduction put back to its operand's rank, with extent 1 (`keep_axes`).
inline constexpr any_axes_function<movement_op> kept{};
/// Over labels: the class count is handed on.
template <class Op>
struct any_classes_function {
    constexpr auto operator()(auto... x) const { return ast::apply<Op, attributes{.axes = any_axes, .number = 2}>(x...); }
};
inline constexpr any_classes_function<one_hot_op> one_hot{};
inline constexpr any_classes_function<pick_op> pick{};
inline constexpr any_classes_function<others_probability_op> others_probability{};
}  // namespace pattern

namespace detail {
constexpr int pattern_size(const record* r) {
    int size = 1;
    for (int i = 0; i < r->arity; ++i) size += pattern_size(r->operands[static_cast<std::size_t>(i)]);
    return size;
}
constexpr bool mentions(const record* r, const record* leaf) {
    if (r->digest == leaf->digest) return true;
    for (int i = 0; i < r->arity; ++i)
        if (mentions(r->operands[static_cast<std::size_t>(i)], leaf)) return true;
    return false;
}
template <fixed_string Name>
inline constexpr auto rule_text = Name;
template <fixed_string Name>
inline constexpr std::string_view rule_name = rule_text<Name>;

constexpr bool names_stand_on_the_left(const record* after, const record* before) {
    if (after->op == &info<wildcard_op>) return mentions(before, after);
    for (int i = 0; i < after->arity; ++i)
        if (!names_stand_on_the_left(after->operands[static_cast<std::size_t>(i)], before)) return false;
    return true;
}
}  // namespace detail

/// Says that a row may have a right side larger than its left.
struct grows_t {};
inline constexpr grows_t grows{};

namespace detail {
using rule_condition = bool (*)(const graph&, int, const int*);
constexpr rule_condition condition_among(grows_t, rule_condition known) { return known; }
constexpr rule_condition condition_among(rule_condition given, rule_condition) { return given; }
}  // namespace detail

/// A row of the table, checked where it is written.
template <fixed_string Name, holds Promise, class Before, class After, class... Options>
constexpr rewrite_rule rule(Before, After, Options... options) {
    constexpr const record* before = ast::node_traits<Before>::of();
    constexpr const record* after = ast::node_traits<After>::of();
    static_assert(detail::names_stand_on_the_left(after, before), "xgrad::rule: a name on the right must stand on the left.");
    static_assert(detail::pattern_size(after) <= detail::pattern_size(before) || (std::is_same_v<Options, grows_t> || ...),
                  "xgrad::rule: the right side is larger than the left. Fix: say xg::grows if that is meant.");
    rewrite_rule made{.name = detail::rule_name<Name>, .promise = Promise, .before = before, .after = after};
    ((made.condition = detail::condition_among(options, made.condition)), ...);
    return made;
}

}  // namespace xgrad
