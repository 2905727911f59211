// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/packing.hpp>

#include <algorithm>

namespace xgrad::kernel {

/// Matrix products, left [rows, depth] by right [depth, columns] with any strides, handed on tile by tile: whoever takes a
/// tile does the rest of the kernel while it is in the first-level cache. Nothing here depends on a kernel's body, so that
/// every contraction of a program shares this code.
///
/// A tile is register_rows by `strip` columns. Operands are packed where their strides would cost more than the copy.
template <class T>
class product {
    using L = lanes<T>;
    using V = typename L::vector;
    static constexpr std::ptrdiff_t width = L::width;

public:
#if defined(__AVX512F__)
    static constexpr int register_rows = 12;
#elif defined(__AVX2__)
    static constexpr int register_rows = 6;
#else
    static constexpr int register_rows = 4;
#endif
    static constexpr std::ptrdiff_t strip = 2048 / static_cast<std::ptrdiff_t>(sizeof(T));  ///< columns of a tile; plan/group.hpp counts on at least 64
    static constexpr std::ptrdiff_t panel = 2 * width;
    static_assert(strip % panel == 0);

    using take_tile = void (*)(void* context, std::ptrdiff_t row, std::ptrdiff_t rows, std::ptrdiff_t column, std::ptrdiff_t columns, const T* tile,
                               std::ptrdiff_t tile_stride);

    /// Told of a tile before it is computed, so that what its taker will read can be on its way.
    using announce_tile = void (*)(void* context, std::ptrdiff_t row, std::ptrdiff_t rows, std::ptrdiff_t column, std::ptrdiff_t columns);
    struct taker {
        take_tile take;
        announce_tile announce;
        void* context;
    };

    /// Elements of workspace that `run` needs.
    static std::ptrdiff_t workspace(const contraction_call& p) {
        const layout l(p);
        return l.right_elements + l.left_elements + 2 * 64 + packing<T>::spill;
    }

    /// The product alone, row by row to memory: the register tile writes it there. One that goes on is added to what is there.
    static void run_plain(contraction_call p, void* workspace, T* to, std::ptrdiff_t row_stride) {
        plain direct{to, row_stride};
        p.sums = to;
        p.sums_row = row_stride;
        run(p, workspace, {nullptr, nullptr, &direct});
    }

    static void run(const contraction_call& p, void* workspace, taker to) {
        const layout l(p);
        T* packed_right = static_cast<T*>(workspace);
        T* packed_left = packed_right + (l.right_elements + 63) / 64 * 64;
        for (std::ptrdiff_t batch = 0; batch < p.batches; ++batch) {
            const T* left = static_cast<const T*>(p.left) + batch * p.left_batch;
            const T* right = static_cast<const T*>(p.right) + batch * p.right_batch;
            if (l.dots) {
                run_dots(p, left, right, packed_left, batch * p.rows, to);
            } else {
                run_tiles(p, l, left, right, packed_left, packed_right, batch * p.rows, to);
            }
        }
    }

private:
    struct plain {
        T* to;
        std::ptrdiff_t stride;
    };

    /// What is packed, and how many columns of the right side at a time.
    struct layout {
        bool dots, pack_left, pack_right;
        std::ptrdiff_t block, right_elements, left_elements;

        explicit layout(const contraction_call& p) {
            const std::ptrdiff_t bytes = static_cast<std::ptrdiff_t>(sizeof(T));
            dots = p.rows <= 4 && p.right_depth == 1 && p.right_column != 1 && p.depth >= width;
            pack_right = p.right_column != 1 || (p.depth * p.columns * bytes > 512 * 1024 && p.rows > 4 * register_rows);
            pack_left = p.left_row == 1 ? p.depth * p.left_depth * bytes > 256 * 1024 && p.columns > 64 : p.columns > 128 && p.rows > 4;
            // Blocks are wide: the packed right side may stream from the last cache, but the left is packed again for each block.
            const std::ptrdiff_t fitting = 4 * 1024 * 1024 / bytes / std::max<std::ptrdiff_t>(p.depth, 1) / strip * strip;
            block = std::min((p.columns + panel - 1) / panel * panel, std::max(strip, fitting));
            right_elements = dots ? 0 : p.depth * (pack_right ? block : panel);
            left_elements = p.depth * register_rows;
        }
    };

    static void run_tiles(const contraction_call& p, const layout& l, const T* left, const T* right, T* packed_left, T* packed_right, std::ptrdiff_t first_row,
                          taker to) {
        alignas(64) T tile[register_rows * strip];
        for (std::ptrdiff_t start = 0; start < p.columns; start += l.block) {
            const std::ptrdiff_t stop = std::min(p.columns, start + l.block);
            const std::ptrdiff_t whole = p.columns / panel * panel;  // columns in panels that need no padding
            if (l.pack_right) {
                for (std::ptrdiff_t j = start; j < stop; j += panel) packing<T>::right_panel(p, right, j, packed_right + (j - start) * p.depth);
            } else if (whole < stop) {
                packing<T>::right_panel(p, right, whole, packed_right);
            }
            for (std::ptrdiff_t i = 0; i < p.rows; i += register_rows) {
                const std::ptrdiff_t rows = std::min<std::ptrdiff_t>(register_rows, p.rows - i);
                operand_side a{left + i * p.left_row, p.left_row, p.left_depth};
                if (l.pack_left) {
                    packing<T>::template left_rows<register_rows>(p, a.data, rows, packed_left);
                    a = {packed_left, 1, register_rows};
                }
                for (std::ptrdiff_t j = start; j < stop; j += strip) {
                    const std::ptrdiff_t columns = std::min(strip, stop - j);
                    // Whole register tiles of a plain product go where they belong; all others are handed on.
                    const bool direct = !to.take && !p.goes_on && rows == register_rows && columns % panel == 0;
                    const plain* target = static_cast<const plain*>(to.context);
                    T* results = direct ? target->to + (first_row + i) * target->stride + j : tile;
                    const std::ptrdiff_t stride = direct ? target->stride : strip;
                    if (to.announce) to.announce(to.context, first_row + i, rows, j, columns);
                    for (std::ptrdiff_t q = j; q < j + columns; q += panel) {
                        operand_side b{right + q, 1, p.right_depth};
                        if (l.pack_right) {
                            b = {packed_right + (q - start) * p.depth, 1, panel};
                        } else if (q >= whole) {
                            b = {packed_right, 1, panel};
                        }
                        multiply(rows, p.columns - q, p.depth, a, b, results + (q - j), stride);
                    }
                    if (!direct) hand_on(p, to, first_row + i, rows, j, columns, tile);
                }
            }
        }
    }

    static void hand_on(const contraction_call& p, taker to, std::ptrdiff_t row, std::ptrdiff_t rows, std::ptrdiff_t column, std::ptrdiff_t columns, T* tile) {
        if (p.goes_on) add_sums(p, row, rows, column, columns, tile);
        if (to.take) return to.take(to.context, row, rows, column, columns, tile, strip);
        const plain& target = *static_cast<const plain*>(to.context);
        for (std::ptrdiff_t i = 0; i < rows; ++i) std::copy(tile + i * strip, tile + i * strip + columns, target.to + (row + i) * target.stride + column);
    }

    /// The product of the panels before.
    static void add_sums(const contraction_call& p, std::ptrdiff_t row, std::ptrdiff_t rows, std::ptrdiff_t column, std::ptrdiff_t columns, T* tile) {
        for (std::ptrdiff_t i = 0; i < rows; ++i, tile += strip) {
            const T* sums = static_cast<const T*>(p.sums) + (row + i) * p.sums_row + column;
            std::ptrdiff_t j = 0;
            for (; j + width <= columns; j += width) L::store(tile + j, L::load(sums + j) + L::load(tile + j));
            for (; j < columns; ++j) tile[j] = sums[j] + tile[j];
        }
    }

    struct operand_side {
        const T* data;
        std::ptrdiff_t along, depth;
    };

    static void multiply(std::ptrdiff_t rows, std::ptrdiff_t columns, std::ptrdiff_t depth, operand_side a, operand_side b, T* tile, std::ptrdiff_t stride) {
        if (columns > width) {
            multiply_rows<2>(rows, depth, a, b, tile, stride);
        } else {
            multiply_rows<1>(rows, depth, a, b, tile, stride);
        }
    }
    template <int Vectors>
    static void multiply_rows(std::ptrdiff_t rows, std::ptrdiff_t depth, operand_side a, operand_side b, T* tile, std::ptrdiff_t stride) {
        if (rows > register_rows / 2) {
            multiply_strided<register_rows, Vectors>(rows, depth, a, b, tile, stride);
        } else if (rows > 2) {
            multiply_strided<register_rows / 2, Vectors>(rows, depth, a, b, tile, stride);
        } else if (rows == 2) {
            multiply_strided<2, Vectors>(rows, depth, a, b, tile, stride);
        } else {
            multiply_strided<1, Vectors>(rows, depth, a, b, tile, stride);
        }
    }
    template <int Rows, int Vectors>
    static void multiply_strided(std::ptrdiff_t rows, std::ptrdiff_t depth, operand_side a, operand_side b, T* tile, std::ptrdiff_t stride) {
        if (a.along == 1 && rows == Rows) {
            micro<Rows, Vectors, true>(rows, depth, a, b, tile, stride);
        } else {
            micro<Rows, Vectors, false>(rows, depth, a, b, tile, stride);
        }
    }

    /// The register tile: Rows x Vectors accumulators, one broadcast of the left and Vectors loads of the right each depth.
    /// (Unrolled by index packs: compilers keep an array in registers only where no loop over it is left.)
    template <int Rows, int Vectors, bool SideBySide>
    static XGRAD_NOINLINE void micro(std::ptrdiff_t rows, std::ptrdiff_t depth, operand_side a, operand_side b, T* tile, std::ptrdiff_t stride) {
        [&]<int... I>(std::integer_sequence<int, I...>) XGRAD_LAMBDA_INLINE {
            V low[Rows] = {(void(I), L::broadcast(T{0}))...}, high[Rows] = {(void(I), L::broadcast(T{0}))...};
            const T* from[Rows] = {a.data + (SideBySide ? I : std::min<std::ptrdiff_t>(I, rows - 1) * a.along)...};
            const T* left = a.data;
            const T* right = b.data;
            std::ptrdiff_t offset = 0;
            for (std::ptrdiff_t k = 0; k < depth; ++k, right += b.depth, left += a.depth, offset += a.depth) {
                const V r0 = L::load(right);
                if constexpr (Vectors == 2) {
                    const V r1 = L::load(right + width);
                    (accumulate(L::broadcast(SideBySide ? left[I] : from[I][offset]), r0, r1, low[I], high[I]), ...);
                } else {
                    ((low[I] = fused(L::broadcast(SideBySide ? left[I] : from[I][offset]), r0, low[I])), ...);
                }
            }
            (L::store(tile + I * stride, low[I]), ...);
            if constexpr (Vectors == 2) (L::store(tile + I * stride + width, high[I]), ...);
        }(std::make_integer_sequence<int, Rows>{});
    }
    static XGRAD_INLINE void accumulate(V left, V r0, V r1, V& low, V& high) {
        low = fused(left, r0, low);
        high = fused(left, r1, high);
    }
    static XGRAD_INLINE V fused(V a, V b, V c) {
        if constexpr (L::simd) {
            return xsimd::fma(a, b, c);
        } else {
            return a * b + c;
        }
    }

    /// Few rows, and the right side lies along the depth: dot products, without a copy.
    static void run_dots(const contraction_call& p, const T* left, const T* right, T* packed_left, std::ptrdiff_t first_row, taker to) {
        alignas(64) T tile[4 * strip];
        for (std::ptrdiff_t i = 0; i < p.rows; ++i)
            for (std::ptrdiff_t k = 0; k < p.depth; ++k) packed_left[i * p.depth + k] = left[i * p.left_row + k * p.left_depth];
        for (std::ptrdiff_t j = 0; j < p.columns; j += strip) {
            const std::ptrdiff_t columns = std::min(strip, p.columns - j);
            for (std::ptrdiff_t i = 0; i < p.rows; ++i) {
                std::ptrdiff_t q = 0;
                for (; q + 4 <= columns; q += 4) dot<4>(p, packed_left + i * p.depth, right + (j + q) * p.right_column, tile + i * strip + q);
                for (; q < columns; ++q) dot<1>(p, packed_left + i * p.depth, right + (j + q) * p.right_column, tile + i * strip + q);
            }
            hand_on(p, to, first_row, p.rows, j, columns, tile);
        }
    }
    template <int Columns>
    static void dot(const contraction_call& p, const T* left, const T* right, T* to) {
        V sum[Columns];
        for (V& v : sum) v = L::broadcast(T{0});
        std::ptrdiff_t k = 0;
        for (; k + width <= p.depth; k += width) {
            const V l = L::load(left + k);
            for (int q = 0; q < Columns; ++q) sum[q] = fused(l, L::load(right + q * p.right_column + k), sum[q]);
        }
        if (k < p.depth) {
            const V l = L::load_first(left + k, p.depth - k);
            for (int q = 0; q < Columns; ++q) sum[q] = fused(l, L::load_first(right + q * p.right_column + k, p.depth - k), sum[q]);
        }
        for (int q = 0; q < Columns; ++q) to[q] = L::fold(sum[q], [](auto a, auto b) { return a + b; });
    }
};

}  // namespace xgrad::kernel
