// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/call.hpp>
#include <xgrad/kernel/register_tile.hpp>
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
    using left_side = typename register_tile<T>::left_side;

    /// `Vectors` of columns of the right side from `column` on: to[k * panel + j], 0 where columns have ended.
    template <int Vectors>
    static void right_panel(const contraction_call& p, const T* right, std::ptrdiff_t column, T* to) {
        constexpr std::ptrdiff_t panel = Vectors * width;
        const std::ptrdiff_t n = std::min(panel, p.columns - column);
        const T* from = right + column * p.right_column;
        if (p.right_column == 1) {
            constexpr std::ptrdiff_t ahead = 24;  // short pieces far apart: the processor does not guess the next
            for (std::ptrdiff_t k = 0; k < p.depth; ++k, to += panel, from += p.right_depth) {
                for (std::ptrdiff_t j = 0; j < panel; j += width) {
                    __builtin_prefetch(from + ahead * p.right_depth + j);
                    if (n - j >= width) {
                        L::store(to + j, L::load(from + j));
                    } else {
                        L::store(to + j, n > j ? L::load_first(from + j, n - j) : L::broadcast(T{0}));
                    }
                }
            }
        } else if (p.right_depth == 1) {
            for (std::ptrdiff_t j = 0; j < panel; j += width) turned_lines(from + j * p.right_column, p.right_column, n - j, p.depth, to + j, panel);
        } else {
            for (std::ptrdiff_t j = 0; j < panel; ++j)
                for (std::ptrdiff_t k = 0; k < p.depth; ++k) to[k * panel + j] = j < n ? from[j * p.right_column + k * p.right_depth] : T{0};
        }
    }

    /// From row to row of a packed left side: rows do not fall into the same sets of the caches.
    static std::ptrdiff_t left_stride(std::ptrdiff_t depth) { return (depth + 63) / 64 * 64 + 16; }

    /// Rows of the left side, `Group` at most: depth by depth where they lie side by side in memory, else row by row.
    template <std::ptrdiff_t Group>
    static left_side left_rows(const contraction_call& p, const T* left, std::ptrdiff_t rows, T* to) {
        if (p.left_row == 1) {
            for (std::ptrdiff_t k = 0; k < p.depth; ++k, left += p.left_depth) {
                // Short pieces far apart: the processor does not guess the next.
                constexpr std::ptrdiff_t ahead = 16, line = 64 / static_cast<std::ptrdiff_t>(sizeof(T));
                for (std::ptrdiff_t i = 0; i < Group; i += line) __builtin_prefetch(left + ahead * p.left_depth + i);
                if (rows == Group) {
                    std::memcpy(to + k * Group, left, Group * sizeof(T));
                } else {
                    std::memcpy(to + k * Group, left, static_cast<std::size_t>(rows) * sizeof(T));
                }
            }
            return {to, 1, Group};
        }
        const std::ptrdiff_t stride = left_stride(p.depth);
        for (std::ptrdiff_t i = 0; i < rows; ++i) {
            const T* from = left + i * p.left_row;
            for (std::ptrdiff_t k = 0; k < p.depth; ++k) to[i * stride + k] = from[k * p.left_depth];
        }
        return {to, stride, 1};
    }

    /// Up to `width` lines of memory side by side: to[k * stride + line]. Past the last line it is repeated, or zeros where there
    /// is none at all.
    static void turned_lines(const T* lines, std::ptrdiff_t apart, std::ptrdiff_t count, std::ptrdiff_t length, T* to, std::ptrdiff_t stride) {
        if (count <= 0) {
            for (std::ptrdiff_t k = 0; k < length; ++k) L::store(to + k * stride, L::broadcast(T{0}));
            return;
        }
        constexpr std::ptrdiff_t ahead = 256 / static_cast<std::ptrdiff_t>(sizeof(T));
        const T* line[width];
        for (std::ptrdiff_t i = 0; i < width; ++i) line[i] = lines + std::min(i, count - 1) * apart;
        std::ptrdiff_t k = 0;
        for (; k + width <= length; k += width) {
            for (const T* l : line) __builtin_prefetch(l + k + ahead);
            transposition<T>::square(line, k, to + k * stride, stride);
        }
        if (k == length) return;
        alignas(64) T turned[width * width];
        for (const T*& l : line) l += k;
        transposition<T>::in(line, length - k, 1, turned);
        for (std::ptrdiff_t j = 0; k + j < length; ++j) L::store(to + (k + j) * stride, L::load(turned + j * width));
    }
};

}  // namespace xgrad::kernel
