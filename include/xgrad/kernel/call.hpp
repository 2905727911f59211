// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/config.hpp>
#include <xgrad/expr/span.hpp>

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
    bool goes_on = false;               ///< sums are added to what is there
    std::ptrdiff_t panel_bytes = 0;     ///< of a slot that holds one panel: each thread has its own, and they do not move
    void* partials = nullptr;           ///< sums of parts of a call, until `merge` puts them together
    std::ptrdiff_t partial_bytes = 0;   ///< from one part's to the next
};

/// A contraction's two sides, in elements: batch, row, depth of the left; batch, depth, column of the right. Where the depth is
/// cut into panels, `sums` holds the product so far, row by row.
struct contraction_call {
    const void* left = nullptr;
    const void* right = nullptr;
    std::ptrdiff_t batches = 1, rows = 1, columns = 1, depth = 1;
    std::ptrdiff_t left_batch = 0, left_row = 0, left_depth = 0;
    std::ptrdiff_t right_batch = 0, right_depth = 0, right_column = 0;
    void* sums = nullptr;
    std::ptrdiff_t sums_row = 0;
    bool one_column = false;                     ///< the result, as the plan has it: its sides are swapped, and it is one row
    bool turned = false;                         ///< the sides are exchanged
    bool right_is_packed = false;                ///< the workspace holds it
    bool goes_on = false, unfinished = false;    ///< there is a panel before this one; there is one to come
    bool left_stays = false, right_stays = false;  ///< its slot holds one panel
};

/// All that one kernel call needs. Made when arrays are bound; only addresses change from call to call.
struct call {
    void (*run)(const call&) = nullptr;
    int row_axes = 0;
    std::array<std::ptrdiff_t, max_rank> row_extents{};
    std::ptrdiff_t rows = 1, columns = 1;
    std::ptrdiff_t leading = 1;  ///< the outermost axis, along which a call can be cut
    bool is_large = false;       ///< what it writes is more than caches hold, and nobody near reads it: all parts of a call agree on that
    int merges = 0;              ///< not the work, but the sums of so many parts of it are put together
    operand* operands = nullptr;
    void* row_buffer = nullptr;  ///< values kept between passes over one row; the scratch of an op with a loop of its own
    bool has_own_scratch = false, scratch_is_made = false;  ///< nobody else writes it, or the workspace: what the first step of a loop has made there, later ones find
    void* workspace = nullptr;   ///< packed operands of a contraction
    std::ptrdiff_t* asks = nullptr;  ///< an op that says itself how many bytes of scratch it needs writes them here, and nothing else
    contraction_call product{};
    bool contracts = false, rows_are_summed = false;
    bool sides_swapped = false;  ///< a result of one column is computed as one row
};

/// What an op with a loop of its own asks for, beside its lines.
inline std::ptrdiff_t scratch_bytes_of(call c) {
    std::ptrdiff_t bytes = 0;
    c.asks = &bytes;
    c.run(c);
    return bytes;
}

/// Whether no operand marked in `written` is one marked in `read`.
XGRAD_RARELY inline bool are_apart(const call& c, span<const bool> read, span<const bool> written) {
    for (std::size_t a = 0; a < written.size(); ++a)
        for (std::size_t b = 0; b < read.size(); ++b)
            if (written[a] && read[b] && c.operands[a].data == c.operands[b].data) return false;
    return true;
}

/// Whether a product's result is stored row by row, one matrix: the register tile can write it where it belongs.
inline bool is_one_matrix(const call& c, const operand& to) { return c.row_axes <= 1 && to.column_stride == 1 && c.columns == c.product.columns; }

}  // namespace xgrad::kernel
