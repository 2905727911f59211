// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/plan/space.hpp>

namespace xgrad {

/// A node that a group computes or reads, with the place of its axes in the group's space.
struct placed {
    int node = -1;
    axis_map axes = no_axes;   ///< result axis -> space axis
    axis_map work = no_axes;   ///< iteration axis -> space axis, of computed nodes
    bool computed = false;
    bool late = false;         ///< a reduction whose result is there only when the kernel ends
};

/// What becomes one kernel: a contraction or none, and the elementwise work and reductions around it.
struct group {
    int contraction = -1;
    bool scalar = false;
    shape space{};
    int column_axes = 0;  ///< 0: not decided yet
    bool reduces_rows = false;
    int computed = 0;
    std::vector<placed> known{};

    constexpr const placed* find(int node) const {
        for (const placed& p : known)
            if (p.node == node) return &p;
        return nullptr;
    }
};

/// Whether rows of a contraction's result are complete in one tile, so that a softmax may follow in the epilogue.
inline constexpr std::int64_t tile_columns = 64;
inline constexpr int most_instructions = 90;
/// Rows of at most so many columns are computed side by side, one a lane.
inline constexpr std::int64_t short_row = 64;

}  // namespace xgrad
