// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/lanes.hpp>

namespace xgrad {

/// What barriers share: the identity to a value.
struct barrier : op_defaults {
    static constexpr op_kind kind = op_kind::barrier;
    static constexpr int arity = 1;
    static constexpr shape_result shape_rule(const attributes&, const shape* operands, int) { return {operands[0]}; }
};

/// stop_gradient(x) = x, whose derivative is 0.
///
/// Shape       [S...]  ->  [S...]
struct stop_gradient_op : barrier {
    static constexpr std::string_view name = "stop_gradient";
    static constexpr auto pullback(auto g, auto, auto) { return std::tuple{constant(g, 0)}; }
    static constexpr auto tangent(auto y, auto, auto) { return constant(y, 0); }
};
inline constexpr function<stop_gradient_op> stop_gradient{};

/// The identity that keeps rules from looking inside: what a gradient is taken with respect to. Gone after differentiation.
struct pinned_op : barrier {
    static constexpr std::string_view name = "pinned";
    static constexpr auto pullback(auto g, auto, auto) { return std::tuple{g}; }
    static constexpr auto tangent(auto, auto, auto t) { return t; }
};

namespace ast {
template <expression X>
constexpr made<stop_gradient_op, X> stop_gradient(X x) {
    return apply<stop_gradient_op>(x);
}
}  // namespace ast

}  // namespace xgrad
