// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/nn/loss/arguments.hpp>

namespace xgrad {

/// The loss of each row of logits z against a distribution q. (An op, so that its derivative is p - q to the last digit.)
struct sparsemax_loss_op : op_defaults {
    static constexpr std::string_view name = "sparsemax_loss";
    static constexpr op_kind kind = op_kind::composite;
    static constexpr int arity = 2;
    static constexpr bool heavy = true;

    static constexpr shape_result shape_rule(const attributes&, const shape* operands, int) {
        shape_result result{operands[0]};
        if (operands[0].rank < 1 || !(operands[0] == operands[1])) return {{}, 1, operands[0].rank, operands[1].rank};
        --result.value.rank;
        return result;
    }
    template <int Rule, std::int64_t A, std::int64_t B>
    static constexpr auto report() {
        static_assert(A == B && Rule != 1, "xgrad::sparsemax_loss(z, q): z and q must have the same extents, the classes last.");
    }
    /// Where p and q agree nothing is added, whatever z is there.
    static constexpr auto expand(auto, auto z, auto q) {
        const auto last = last_of(z);
        const auto p = ast::apply<sparsemax_op>(z);
        const auto term = (p - q) * (below_largest(z) - constant(z, 0.5) * (p + q));
        return ast::apply<select_op>(p == q, constant(z, 0), term).sum(last);
    }
    static constexpr auto pullback(auto g, auto, auto z, auto q) {
        const auto rows = g.insert_axes(last_of(z), z);
        return std::tuple{rows * (ast::apply<sparsemax_op>(z) - q), rows * (q - below_largest(z))};
    }
    static constexpr auto tangent(auto, auto z, auto q, auto tz, auto tq) {
        return ((ast::apply<sparsemax_op>(z) - q) * tz + (q - below_largest(z)) * tq).sum(last_of(z));
    }

private:
    static constexpr std::uint32_t last_of(auto z) { return 1u << (z.shape().rank - 1); }
    static constexpr auto below_largest(auto z) { return z - z.max(last_of(z)).insert_axes(last_of(z), z); }
};

/// sparsemax_loss(z, t): the loss whose derivative is sparsemax(z) - one_hot(t); 0 once the target leads by 1.
///
/// Formula     sum((p - q) (z - (p + q) / 2)) over the last axis, p = sparsemax(z), q = one_hot(t) or a distribution
/// Gradient    p - q
/// Shape       z [S..., C]; t labels [S...] or a distribution [S..., C]  ->  [S...]
/// Options     those of every loss; rows with the ignored label count 0
/// Method      exactly 0 where p = q; the largest logit is taken off first
/// Source      Martins and Astudillo, ICML 2016
/// Catalogue   loss, softmax family
template <ast::symbolic Z, ast::symbolic T, class... Options>
constexpr auto sparsemax_loss(Z given, T t, Options... options) {
    static_assert(!detail::is_probability<Z>(), "xgrad::sparsemax_loss(z, t): z is a probability already. Fix: drop the softmax or sparsemax at the end of the model.");
    if constexpr (is_bad<Z> || is_bad<T>) {
        return given;
    } else if constexpr (detail::is_labels<T>()) {
        constexpr std::int64_t width = detail::last_extent<Z>(), classes = detail::width_for<T>(width);
        static_assert(width == classes, "xgrad::sparsemax_loss(z, t): the last extent of z must equal the class count of t.");
        const auto labelled = detail::rows_with_label(t);
        const auto z = detail::where_counted(counted(given, number<0.0>, options...), labelled, number<0.0>);
        return reduced(ast::apply<sparsemax_loss_op>(z, indicator(one_hot(t))), nothing, labelled, options...);
    } else {
        return reduced(ast::apply<sparsemax_loss_op>(counted(given, number<0.0>, options...), detail::distribution_for(given, t)), nothing, nothing, options...);
    }
}

}  // namespace xgrad
