// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/lanes.hpp>
#include <xgrad/ops/parameter_of.hpp>

namespace xgrad {

/// gradient(loss, x): the derivative of a scalar with respect to x, as an expression like any other.
/// gradient(loss, x, y, ...): a tuple of them, from one sweep.
///
/// What a layer has declared is given by its name, gradient(loss, "hidden.weight"_p).
///
/// Shape       loss [], x [S...]  ->  [S...]
/// Errors      a loss with axes is refused: sum or mean it first
struct gradient_op : op_defaults {
    static constexpr std::string_view name = "gradient";
    static constexpr op_kind kind = op_kind::derivative;
    static constexpr int arity = 2;

    static constexpr shape_result shape_rule(const attributes&, const shape* operands, int) {
        if (operands[0].rank != 0) return {{}, 1, operands[0].rank, 0};
        return {operands[1]};
    }
    template <int Rule, std::int64_t A, std::int64_t B>
    static constexpr auto report() {
        static_assert(A == B, "xgrad::gradient(loss, x): rank(loss) must be 0. Fix: sum or mean the loss, which has one value a row.");
    }
};

/// jvp(f, x, t): the derivative of f in the direction t of x, forward mode.
///
/// Shape       f [R...], x [S...], t [S...]  ->  [R...]
struct jvp_op : op_defaults {
    static constexpr std::string_view name = "jvp";
    static constexpr op_kind kind = op_kind::derivative;
    static constexpr int arity = 3;

    static constexpr shape_result shape_rule(const attributes&, const shape* operands, int) {
        if (operands[1].rank != operands[2].rank) return {{}, 1, operands[1].rank, operands[2].rank};
        for (int i = 0; i < operands[1].rank; ++i)
            if (!(operands[1][i] == operands[2][i])) return {{}, 2, operands[1][i].size, operands[2][i].size};
        return {operands[0]};
    }
    template <int Rule, std::int64_t A, std::int64_t B>
    static constexpr auto report() {
        static_assert(A == B, "xgrad::jvp(f, x, t): the direction t must have the shape of x.");
    }
};

namespace detail {
/// An expression, or the parameter that a key names.
template <class Loss, class X>
constexpr auto by_which(Loss loss, X x) {
    if constexpr (ast::symbolic<X>) {
        return x;
    } else {
        return leaf_under<typename X::type>(loss);
    }
}
template <class X>
concept names_parameter = ast::symbolic<X> || requires { X::type::name; };
}  // namespace detail

inline constexpr struct {
    template <ast::symbolic Loss, detail::names_parameter X>
    constexpr auto operator()(Loss loss, X x) const {
        return ast::apply<gradient_op>(loss, detail::by_which(loss, x));
    }
    template <ast::symbolic Loss, detail::names_parameter... X>
        requires(sizeof...(X) > 1)
    constexpr auto operator()(Loss loss, X... x) const {
        return std::tuple{ast::apply<gradient_op>(loss, detail::by_which(loss, x))...};
    }
} gradient{};

inline constexpr function<jvp_op> jvp{};

}  // namespace xgrad
