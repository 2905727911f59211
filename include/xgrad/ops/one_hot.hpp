// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/lanes.hpp>

namespace xgrad {

namespace detail {
/// The declaration of labels, also behind another order of their axes; null for anything else.
constexpr const declaration* labels_behind(const record* r) {
    while (r->op->kind == op_kind::movement) r = r->operands[0];
    return r->attr.leaf && r->attr.leaf->kind == leaf_kind::labels ? r->attr.leaf : nullptr;
}
template <class T>
constexpr bool is_labels() {
    if constexpr (is_bad<T>) {
        return true;
    } else {
        return labels_behind(ast::node_traits<T>::of()) != nullptr;
    }
}
template <class T>
constexpr double class_count_of() {
    return static_cast<double>(labels_behind(ast::node_traits<T>::of())->classes);
}
}  // namespace detail

/// one_hot(t): true (1) at the label's class, false (0) elsewhere; all false in an ignored row.
///
/// Shape       t [S...]  ->  [S..., classes]
/// Derivative  none
struct one_hot_op : op_defaults {
    static constexpr std::string_view name = "one_hot";
    static constexpr op_kind kind = op_kind::generate;
    static constexpr int arity = 1;
    static constexpr bool exact = true;
    static constexpr domain range = domain::boolean;

    static constexpr shape_result shape_rule(const attributes& a, const shape* operands, int) {
        shape_result result{operands[0]};
        result.value.push_back({static_cast<std::int64_t>(a.number), nullptr});
        return result;
    }
    static constexpr auto pullback(auto g, auto, auto) { return std::tuple{constant(g, 0)}; }
    static constexpr auto tangent(auto y, auto, auto) { return constant(y, 0); }
};
inline constexpr struct {
    template <ast::symbolic T>
    constexpr auto operator()(T t) const {
        static_assert(detail::is_labels<T>(),
                      "xgrad::one_hot(t): t must be labels. Fix: declare it as xg::labels<\"t\">(batch, xg::classes(10_c)).");
        return ast::apply<one_hot_op, attributes{.number = detail::class_count_of<T>()}>(t);
    }
} one_hot{};

namespace ast {
template <symbolic T>
constexpr auto one_hot(T t) {
    return xgrad::one_hot(t);
}
}  // namespace ast

}  // namespace xgrad
