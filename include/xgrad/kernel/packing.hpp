// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/call.hpp>
#include <xgrad/kernel/transpose.hpp>

#include <algorithm>

namespace xgrad::kernel {

/// Copies of a product's operands in the order in which the register tile reads them.
template <class T>
class packing {
    using L = lanes<T>;
    using V = typename L::vector;
    static constexpr std::ptrdiff_t width = L::width;

public:
    /// Elements that may be written past the end of a packed operand.
    static constexpr std::ptrdiff_t spill = width;

    /// `panel` (two vectors of) columns of the right side from `column` on: to[k * panel + j], 0 where columns have ended.
    static void right_panel(const contraction_call& p, const T* right, std::ptrdiff_t column, T* to) {
        constexpr std::ptrdiff_t panel = 2 * width;
        const std::ptrdiff_t n = std::min(panel, p.columns - column);
        const T* from = right + column * p.right_column;
        if (p.right_column == 1) {
            for (std::ptrdiff_t k = 0; k < p.depth; ++k, to += panel, from += p.right_depth) {
                if (n == panel) {
                    L::store(to, L::load(from));
                    L::store(to + width, L::load(from + width));
                } else {
                    L::store(to, L::load_first(from, std::min(n, width)));
                    L::store(to + width, n > width ? L::load_first(from + width, n - width) : L::broadcast(T{0}));
                }
            }
            return;
        }
        if (p.right_depth == 1) {
            for (std::ptrdiff_t half = 0; half < 2; ++half) turned_lines(from + half * width * p.right_column, p.right_column, n - half * width, p.depth, to + half * width, panel);
            return;
        }
        for (std::ptrdiff_t j = 0; j < panel; ++j)
            for (std::ptrdiff_t k = 0; k < p.depth; ++k) to[k * panel + j] = j < n ? from[j * p.right_column + k * p.right_depth] : T{0};
    }

    /// Rows of the left side: to[k * Rows + i], the last row again where rows have ended.
    template <std::ptrdiff_t Rows>
    static void left_rows(const contraction_call& p, const T* left, std::ptrdiff_t rows, T* to) {
        if (p.left_row == 1 && rows == Rows) {
            // Short pieces far apart: the processor does not guess the next.
            constexpr std::ptrdiff_t ahead = 16;
            for (std::ptrdiff_t k = 0; k < p.depth; ++k) {
                __builtin_prefetch(left + (k + ahead) * p.left_depth + Rows - 1);
                std::memcpy(to + k * Rows, left + k * p.left_depth, Rows * sizeof(T));
            }
        } else if (p.left_depth == 1 && Rows <= width) {
            turned_lines(left, p.left_row, rows, p.depth, to, Rows);
        } else {
            for (std::ptrdiff_t i = 0; i < Rows; ++i) {
                const T* from = left + std::min(i, rows - 1) * p.left_row;
                for (std::ptrdiff_t k = 0; k < p.depth; ++k) to[k * Rows + i] = from[k * p.left_depth];
            }
        }
    }

private:
    /// Up to `width` lines of memory side by side: to[k * stride + line]. Past the last line it is repeated, or zeros where there
    /// is none at all. (With a stride below `width`, each store is overlapped by the next: hence `spill`.)
    static void turned_lines(const T* lines, std::ptrdiff_t apart, std::ptrdiff_t count, std::ptrdiff_t length, T* to, std::ptrdiff_t stride) {
        if (count <= 0) {
            for (std::ptrdiff_t k = 0; k < length; ++k) L::store(to + k * stride, L::broadcast(T{0}));
            return;
        }
        const T* line[width];
        for (std::ptrdiff_t i = 0; i < width; ++i) line[i] = lines + std::min(i, count - 1) * apart;
        alignas(64) T turned[width * width];
        for (std::ptrdiff_t k = 0; k < length; k += width) {
            const std::ptrdiff_t n = std::min(width, length - k);
            transposition<T>::in(line, n, 1, turned);
            for (std::ptrdiff_t j = 0; j < n; ++j) L::store(to + (k + j) * stride, L::load(turned + j * width));
            for (const T*& l : line) l += width;
        }
    }
};

}  // namespace xgrad::kernel
