// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/config.hpp>

#include <array>
#include <cstddef>

namespace xgrad::kernel {

/// One operand or result of a kernel call, resolved: an address and how far the next row and the next column are.
/// Operands without axes are doubles.
struct operand {
    void* data = nullptr;
    std::array<std::ptrdiff_t, max_rank> row_strides{};
    std::ptrdiff_t column_stride = 0;
    std::ptrdiff_t leading_stride = 0;  ///< how far the next step along the outermost axis is
    std::ptrdiff_t elements = 1;
    bool moves = false;  ///< from panel to panel
};

/// A contraction's two sides, in elements: batch, row, depth of the left; batch, depth, column of the right.
struct contraction_call {
    const void* left = nullptr;
    const void* right = nullptr;
    std::ptrdiff_t batches = 1, rows = 1, columns = 1, depth = 1;
    std::ptrdiff_t left_batch = 0, left_row = 0, left_depth = 0;
    std::ptrdiff_t right_batch = 0, right_depth = 0, right_column = 0;
};

/// All that one kernel call needs. Made when arrays are bound; only addresses change from call to call.
struct call {
    void (*run)(const call&) = nullptr;
    int row_axes = 0;
    std::array<std::ptrdiff_t, max_rank> row_extents{};
    std::ptrdiff_t rows = 1, columns = 1;
    std::ptrdiff_t leading = 1;  ///< the outermost axis; kernel/panels.hpp cuts it
    bool starts = true;          ///< sums begin anew, else they go on
    operand* operands = nullptr;
    void* row_buffer = nullptr;  ///< values kept between passes over one row
    void* workspace = nullptr;   ///< packed operands of a contraction
    contraction_call product{};
    bool sides_swapped = false;  ///< a result of one column is computed as one row
};

}  // namespace xgrad::kernel
