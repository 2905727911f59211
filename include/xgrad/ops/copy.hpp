// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/lanes.hpp>

namespace xgrad {

/// copy(x) = x, in memory of its own: what a result that is only a view, or an operand no stride can describe, is stored by.
struct copy_op : elementwise<1> {
    static constexpr std::string_view name = "copy";
    static constexpr bool exact = true, heavy = true;  // heavy: made once and kept, not again where it is read

    static constexpr auto value(auto x) { return x; }
    static constexpr auto pullback(auto g, auto, auto) { return std::tuple{g}; }
};

}  // namespace xgrad
