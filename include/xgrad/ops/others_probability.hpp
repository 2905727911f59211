// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/one_hot.hpp>
#include <xgrad/ops/log_softmax.hpp>

namespace xgrad {

/// others_probability(x, t) = 1 - softmax(x)[t], as the sum of the other classes' probabilities.
///
/// Shape       x [S..., C], t [S...]  ->  [S..., 1], to stand beside softmax(x)
/// Method      sum over j != t of e^(x_j - max) / sum(e^(x - max)); 1 - p loses every digit once p rounds to 1
struct others_probability_op : op_defaults {
    static constexpr std::string_view name = "others_probability";
    static constexpr op_kind kind = op_kind::composite;
    static constexpr int arity = 2;
    static constexpr bool heavy = true;
    static constexpr domain range = domain::probability;

    static constexpr shape_result shape_rule(const attributes&, const shape* operands, int) {
        shape_result result{operands[1]};
        result.value.push_back(one_extent);
        return result;
    }
    /// Where the target is a largest entry the others are the sum that the loss needs too; elsewhere the total is so large
    /// that taking the target's part away loses nothing. No entry is compared with the label.
    static constexpr auto expand(auto y, auto x, auto t) {
        const auto last = 1u << t.shape().rank;
        const auto d = detail::shifted::of(x, last);
        const auto e = ast::apply<exp_op>(d);
        const auto total = e.sum(last);
        const auto at_target = d.pick(t, y.attr().number);
        const auto others = ast::apply<select_op>(at_target == constant(total, 0), detail::sum_beside_largest(d, last), total - ast::apply<exp_op>(at_target));
        return (others * (constant(total, 1) / total)).insert_axes(last, y);
    }
    static constexpr auto pullback(auto g, auto y, auto x, auto t) {
        const auto last = 1u << t.shape().rank;
        const auto p = x.softmax(last);
        const auto chosen = (-(p.pick(t, y.attr().number) * g.sum(last))).insert_axes(last, y);  // (the last axis of g has extent 1)
        return std::tuple{chosen * t.one_hot(y.attr().number) - chosen * p, constant(g, 0)};
    }
    static constexpr auto tangent(auto y, auto x, auto t, auto tx, auto) {
        const auto last = 1u << t.shape().rank;
        const auto p = x.softmax(last);
        return (p.pick(t, y.attr().number) * ((p * tx).sum(last) - tx.pick(t, y.attr().number))).insert_axes(last, y);
    }
};

}  // namespace xgrad
