// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/axes.hpp>

namespace xgrad {

/// count(x, axes): how many elements a reduction over these axes takes in; a number, never a pass over x.
///
/// Shape       [S...]  ->  []
struct count_op : op_defaults {
    static constexpr std::string_view name = "count";
    static constexpr op_kind kind = op_kind::generate;
    static constexpr int arity = 1;
    static constexpr shape_result shape_rule(const attributes&, const shape*, int) { return {}; }
    static constexpr auto pullback(auto g, auto, auto) { return std::tuple{constant(g, 0)}; }
    static constexpr auto tangent(auto y, auto, auto) { return constant(y, 0); }
};

}  // namespace xgrad
