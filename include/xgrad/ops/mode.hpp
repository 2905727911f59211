// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/axes.hpp>

namespace xgrad {

/// One model serves training and inference: what differs between them stands in its expression in both forms, and lowering takes one.
/// A trainer's step is training. `trainer.compile` and `xg::compile` are inference, unless an expression says otherwise.
struct mode_choice : op_defaults {
    static constexpr op_kind kind = op_kind::mode;
    static constexpr shape_result shape_rule(const attributes&, const shape* operands, int count) {
        return count < 2 || operands[0] == operands[1] ? shape_result{operands[0]} : shape_result{{}, 1, operands[0].rank, operands[1].rank};
    }
};

/// by_mode(a, b): a in training, b in inference.
///
/// Shape       a [S...], b [S...]  ->  [S...]
struct by_mode_op : mode_choice {
    static constexpr std::string_view name = "by_mode";
    static constexpr int arity = 2;
    template <int Rule, std::int64_t A, std::int64_t B>
    static constexpr auto report() {
        static_assert(A < 0, "xgrad::by_mode(a, b): both forms must have the same extents. Fix: broadcast one.");
    }
};
inline constexpr function<by_mode_op> by_mode{};

/// Everything below is in the mode that attributes::number says: 1 training, 0 inference.
struct mode_op : mode_choice {
    static constexpr std::string_view name = "mode";
    static constexpr int arity = 1;
};
/// training(e), inference(e): e in this form, whatever asks for it. A mode set deeper inside holds there.
inline constexpr struct {
    template <ast::symbolic E>
    constexpr auto operator()(E e) const {
        return ast::apply<mode_op, attributes{.number = 1}>(e);
    }
} training{};
inline constexpr struct {
    template <ast::symbolic E>
    constexpr auto operator()(E e) const {
        return ast::apply<mode_op, attributes{.number = 0}>(e);
    }
} inference{};

/// observe<momentum>(e, s, v) = e; in a trainer's step the statistic s becomes s + momentum (v - s). No derivative goes through v.
///
/// Shape       e [S...], s [T...], v [T...]  ->  [S...]
struct observe_op : op_defaults {
    static constexpr std::string_view name = "observe";
    static constexpr op_kind kind = op_kind::mode;
    static constexpr int arity = 3;
    static constexpr shape_result shape_rule(const attributes&, const shape* operands, int) {
        return operands[1] == operands[2] ? shape_result{operands[0]} : shape_result{{}, 1, operands[1].rank, operands[2].rank};
    }
    template <int Rule, std::int64_t A, std::int64_t B>
    static constexpr auto report() {
        static_assert(A < 0, "xgrad::observe(e, s, v): the statistic and what is observed must have the same extents.");
    }
};
template <double Momentum, ast::symbolic E, ast::symbolic S, ast::symbolic V>
constexpr auto observe(E e, S s, V v) {
    if constexpr (!is_bad<S>) {
        constexpr const declaration* d = ast::node_traits<S>::of()->attr.leaf;
        static_assert(d && d->kind == leaf_kind::statistic, "xgrad::observe(e, s, v): s must be a statistic. Fix: declare it as xg::statistic<\"s\">(32_c).");
    }
    return ast::apply<observe_op, attributes{.number = Momentum}>(e, s, v);
}

}  // namespace xgrad
