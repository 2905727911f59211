// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/packing.hpp>
#include <xgrad/kernel/register_tile.hpp>

#include <algorithm>
#include <numeric>

namespace xgrad::kernel {

/// Matrix products, left [rows, depth] by right [depth, columns] with any strides, handed on tile by tile: whoever takes a
/// tile does the rest of the kernel while it is in the first-level cache. Nothing here depends on a kernel's body, so that
/// every contraction of a program shares this code.
///
/// A tile is `group` rows by `strip` columns, computed by register tiles. Operands are read where they are, and packed where their strides would cost
/// more than the copy; of a product with few columns the transpose is computed, and turned back tile by tile.
///
/// Each element is summed over the depth from front to back, one multiply-add after the other, whatever rows and columns are
/// computed with it: a range of rows gets the bits that it gets within the whole. (A result of one column is a row of dot products,
/// each in vectors along the depth.)
template <class T>
class product {
    using L = lanes<T>;
    using V = typename L::vector;
    using pack = packing<T>;
    using registers = register_tile<T>;
    using column_of_tiles = typename registers::column_of_tiles;
    static constexpr std::ptrdiff_t width = L::width;
    static constexpr int single = registers::single;

public:
    static constexpr std::ptrdiff_t panel = registers::panel;
    /// Rows of a tile: so many use each panel of the right side while it is near.
    static constexpr std::ptrdiff_t group = (registers::rows > 6 ? 2 : 4) * registers::rows;
    static constexpr std::ptrdiff_t strip = std::max<std::ptrdiff_t>(8 * panel, 64);  ///< columns of a tile; plan/group.hpp counts on at least 64
    static_assert(strip % (2 * panel) == 0);
    static constexpr std::ptrdiff_t most_turned = 3 * width / 2;  ///< columns of a product whose sides are exchanged: rows of one tile
    static constexpr std::ptrdiff_t unit = std::lcm(panel, std::ptrdiff_t{64});  ///< of a block of columns: an epilogue's vectors stay where they are in every cut

    using take_tile = void (*)(void* context, std::ptrdiff_t row, std::ptrdiff_t rows, std::ptrdiff_t column, std::ptrdiff_t columns, const T* tile,
                               std::ptrdiff_t tile_stride);

    struct taker {
        take_tile take;
        void* context;
    };

    /// Elements of workspace that `run`, or `run_plain`, needs.
    static std::ptrdiff_t workspace(contraction_call p, bool plain_result = false) {
        if (plain_result) p.depth = depth_at_a_time(p.depth);
        const auto of = [](const layout& l) { return l.right_elements + l.left_elements + 2 * 64; };
        return is_turned(p) ? std::max(of(layout(p)), of(layout(turned(p)))) : of(layout(p));  // a part of it may have too few rows
    }

    /// The product alone, row by row to memory: the register tile writes it there. One that goes on is added to what is there,
    /// and a very deep one is such a sum.
    static void run_plain(contraction_call p, void* workspace, T* to, std::ptrdiff_t row_stride) {
        plain direct{to, row_stride};
        p.sums = to;
        p.sums_row = row_stride;
        const T *left = static_cast<const T*>(p.left), *right = static_cast<const T*>(p.right);
        const std::ptrdiff_t depth = p.depth, some = depth_at_a_time(depth);
        for (std::ptrdiff_t k = 0; k == 0 || k < depth; k += some) {
            p.depth = std::min(some, depth - k);
            p.left = left + k * p.left_depth;
            p.right = right + k * p.right_depth;
            run(p, workspace, {nullptr, &direct});
            p.goes_on = true;
        }
    }

    static void run(const contraction_call& p, void* workspace, taker to) {
        if (p.rows == 0) return;
        if (is_row(p)) return run_row(p, to);
        if (is_turned(p)) return run_turned(p, workspace, to);
        const layout l(p);
        for (std::ptrdiff_t batch = 0; batch < p.batches; ++batch) {
            const T* left = static_cast<const T*>(p.left) + batch * p.left_batch;
            const T* right = static_cast<const T*>(p.right) + batch * p.right_batch;
            if (l.dots) {
                run_dots(p, left, right, l.packed_left(workspace), batch * p.rows, to);
            } else {
                run_tiles(p, l, left, right, workspace, batch * p.rows, to);
            }
        }
    }

    /// Whether the workspace holds the right side, packed, when a call has run: for the next one with the same side.
    static bool keeps_right(const contraction_call& p) {
        if (p.right_column == 1 || p.batches != 1 || p.depth > deep || is_turned(p)) return false;
        const layout l(p);
        return !l.dots && l.block >= p.columns;
    }

    /// Whether a call is one row of `Columns` columns, summed at once, from sides that lie as `fixed_row` reads them: the right one row by row or,
    /// for dot products, column by column.
    template <std::ptrdiff_t Columns>
    static XGRAD_INLINE bool is_fixed_row(const contraction_call& p) {
        const bool summed_at_once = !p.goes_on && !p.unfinished && p.depth <= deep;
        return p.rows == 1 && p.batches == 1 && p.columns == Columns && summed_at_once && (p.right_column == 1 || (are_dots(p) && p.left_depth == 1));
    }
    template <std::ptrdiff_t Columns>
    static XGRAD_INLINE void fixed_row(const contraction_call& p, T* to) {
        const T *left = static_cast<const T*>(p.left), *right = static_cast<const T*>(p.right);
        if (p.right_column != 1) {
            for (std::ptrdiff_t j = 0; j < Columns; ++j) dot<1>(p, left, right + j * p.right_column, to + j);
            return;
        }
        [&]<std::size_t... Q>(std::index_sequence<Q...>) XGRAD_LAMBDA_INLINE {
            constexpr auto from = [](std::size_t q) { return static_cast<std::ptrdiff_t>(q) * single * width; };
            (vectors_of_row<std::min(from(1), Columns - from(Q))>(p, left, right + from(Q), to + from(Q)), ...);
        }(std::make_index_sequence<static_cast<std::size_t>((Columns + single * width - 1) / (single * width))>{});
    }

private:
    /// One row, and the right side lies along the depth.
    static constexpr bool are_dots(const contraction_call& p) { return p.one_column && p.right_depth == 1 && p.right_column != 1; }
    template <std::ptrdiff_t Columns>
    static XGRAD_INLINE void vectors_of_row(const contraction_call& p, const T* left, const T* right, T* to) {
        [&]<int... C>(std::integer_sequence<int, C...>) XGRAD_LAMBDA_INLINE {
            V sum[] = {(void(C), L::broadcast(T{0}))...};
            for (std::ptrdiff_t k = 0; k < p.depth; ++k, left += p.left_depth, right += p.right_depth) {
                const V l = L::broadcast(*left);
                ((sum[C] = registers::fused(l, (C + 1) * width <= Columns ? L::load(right + C * width) : L::load_first(right + C * width, Columns - C * width), sum[C])), ...);
            }
            (L::store(to + C * width, sum[C]), ...);
        }(std::make_integer_sequence<int, static_cast<int>((Columns + width - 1) / width)>{});
    }

    /// A panel of the right side that is deeper than this no longer stays in the second cache for the rows that meet it.
    static constexpr std::ptrdiff_t deep = 4096;
    static std::ptrdiff_t depth_at_a_time(std::ptrdiff_t depth) { return depth <= deep ? std::max<std::ptrdiff_t>(depth, 1) : deep / 2; }

    struct plain {
        T* to;
        std::ptrdiff_t stride;
    };

    /// Whether the sides are exchanged, and each tile turned back before it is handed on: few columns leave most of a vector empty, and rows that lie
    /// side by side in memory fill it, as those of a weight's gradient do. (Each element is summed in the same order.)
    static bool is_turned(const contraction_call& p) {
        return p.left_row == 1 && p.left_depth != 1 && p.columns <= most_turned && p.rows >= panel && p.depth >= 64 && !are_dots(p);
    }
    static contraction_call turned(const contraction_call& p) {
        contraction_call t = p;
        std::swap(t.left, t.right);
        std::swap(t.rows, t.columns);
        t.left_batch = p.right_batch, t.left_row = p.right_column, t.left_depth = p.right_depth;
        t.right_batch = p.left_batch, t.right_depth = p.left_depth, t.right_column = p.left_row;
        t.turned = true;
        t.goes_on = false;  // whoever turns a tile back adds what was there
        return t;
    }
    static XGRAD_NOINLINE void run_turned(const contraction_call& p, void* workspace, taker to) {
        const contraction_call t = turned(p);
        const layout l(t);
        for (std::ptrdiff_t batch = 0; batch < p.batches; ++batch) {
            turning context{p, to, batch * p.rows};
            run_tiles(t, l, static_cast<const T*>(t.left) + batch * t.left_batch, static_cast<const T*>(t.right) + batch * t.right_batch, workspace, 0,
                      {&turn_back, &context});
        }
    }
    struct turning {
        const contraction_call& p;
        taker to;
        std::ptrdiff_t first_row;
    };
    static void turn_back(void* raw, std::ptrdiff_t, std::ptrdiff_t columns, std::ptrdiff_t row, std::ptrdiff_t rows, const T* tile, std::ptrdiff_t tile_stride) {
        const turning& t = *static_cast<const turning*>(raw);
        alignas(64) T back[strip / 2 * transposition<T>::padded(most_turned)];
        const std::ptrdiff_t stride = transposition<T>::padded(columns);
        for (std::ptrdiff_t j = 0; j < columns; j += width) pack::turned_lines(tile + j * tile_stride, tile_stride, columns - j, rows, back + j, stride);
        hand_on(t.p, t.to, t.first_row + row, rows, 0, columns, back, stride);
    }

    /// What is packed, and how many columns of the right side at a time.
    struct layout {
        bool dots, pack_left, pack_right;
        std::ptrdiff_t block, right_elements, left_elements;

        explicit layout(const contraction_call& p) {
            const std::ptrdiff_t bytes = static_cast<std::ptrdiff_t>(sizeof(T));
            dots = are_dots(p);
            // Reading the right side where it is costs nothing while it is near. When it is large, and many rows meet it, a copy is worth its time: the
            // sooner where a panel's pieces of rows are no longer than a line of the cache.
            constexpr std::ptrdiff_t piece = panel * static_cast<std::ptrdiff_t>(sizeof(T));
            const std::ptrdiff_t size = p.depth * p.columns * bytes;
            const bool often = (piece <= 64 && size > 384 * 1024 && p.rows >= piece) || (size > 1024 * 1024 && p.rows >= 4 * piece);
            // Rows a multiple of 4096 bytes apart fall into the same sets of the first-level cache, where each throws out another before it is used.
            const bool crowded = p.right_depth * bytes % 4096 == 0 ? p.rows >= 64 : p.right_depth * bytes % 2048 == 0 && p.rows >= 256;
            pack_right = p.right_column != 1 || crowded || often;
            // Rows side by side lie across many pages: brought together for several panels, and for few where all of them are more than is kept near.
            const std::ptrdiff_t across = p.depth * p.left_depth * bytes, much = (p.left_depth * bytes % 4096 == 0 ? 4 : 8) * 1024 * 1024;
            pack_left = p.left_depth != 1 && !p.turned && (p.columns > 6 * panel || (across >= much && p.columns > panel) || across >= 16 * 1024 * 1024);
            // A block of it stays in the second cache while all rows meet it; in the last one, where the left is to be packed again for each block.
            const std::ptrdiff_t room = (pack_left ? 4096 : 896) * 1024 / bytes, all = (p.columns + panel - 1) / panel * panel;
            block = p.turned ? std::min(all, strip / 2) : std::min(all, std::max(unit, room / std::max<std::ptrdiff_t>(p.depth, 1) / unit * unit));
            // Enough for any part of this product too: a panel that is less deep packs more columns, and may fill the room better.
            right_elements = dots ? 0 : pack_right ? std::min(p.depth * all, std::max(p.depth * unit, room)) : L::masked ? 0 : p.depth * panel;
            left_elements = pack_left ? pack::left_stride(p.depth) * 2 * group : dots ? p.depth : 0;
        }
        T* packed_left(void* workspace) const { return static_cast<T*>(workspace) + (right_elements + 63) / 64 * 64; }
    };

    /// One row, and a right side that no vector reads beyond: a network that is asked for one sample has little else, and nothing to lay out.
    static bool is_row(const contraction_call& p) {
        return p.rows == 1 && p.batches == 1 && p.right_column == 1 && !p.goes_on && (p.left_depth == 1 || p.columns <= 6 * panel) && (L::masked || p.columns % width == 0);
    }
    static void run_row(const contraction_call& p, taker to) {
        const T *left = static_cast<const T*>(p.left), *right = static_cast<const T*>(p.right);
        if (!to.take) return row_of_tiles(p, left, right, 0, p.columns, static_cast<const plain*>(to.context)->to, false);
        alignas(64) T tile[strip];
        for (std::ptrdiff_t j = 0; j < p.columns; j += strip) {
            const std::ptrdiff_t columns = std::min(strip, p.columns - j);
            row_of_tiles(p, left, right, j, columns, tile, true);
            to.take(to.context, 0, 1, j, columns, tile, strip);
        }
    }
    static void row_of_tiles(const contraction_call& p, const T* left, const T* right, std::ptrdiff_t first, std::ptrdiff_t columns, T* to, bool padded) {
        for (std::ptrdiff_t j = 0; j < columns; j += single * width) {
            const column_of_tiles t{p.depth, std::min(single * width, columns - j), {left, 0, p.left_depth}, {right + first + j, p.right_depth}, nullptr, to + j, 0, padded};
            registers::template multiply_vectors<1, single>(t, nullptr);
        }
    }

    static void run_tiles(const contraction_call& p, const layout& l, const T* left, const T* right, void* workspace, std::ptrdiff_t first_row, taker to) {
        alignas(64) T tile[group * strip];
        T *const packed_right = static_cast<T*>(workspace), *const packed_left = l.packed_left(workspace);
        const plain* direct = to.take || p.goes_on ? nullptr : static_cast<const plain*>(to.context);
        const std::ptrdiff_t whole = L::masked ? p.columns : p.columns / panel * panel;  // columns that are read where they are
        // A narrow tile has twice the rows, so that panels come near half as often.
        const bool tall = direct || p.turned || 2 * p.columns <= strip;
        const std::ptrdiff_t most = tall ? 2 * group : group, tile_stride = tall ? strip / 2 : strip, widest = direct ? strip : tile_stride;
        for (std::ptrdiff_t start = 0; start < p.columns; start += l.block) {
            const std::ptrdiff_t stop = std::min(p.columns, start + l.block);
            if (p.right_is_packed) {
                // as the call before has left it
            } else if (l.pack_right) {
                for (std::ptrdiff_t j = start; j < stop; j += panel) pack::template right_panel<registers::vectors>(p, right, j, packed_right + (j - start) * p.depth);
            } else if (whole < stop) {
                pack::template right_panel<registers::vectors>(p, right, whole, packed_right);
            }
            for (std::ptrdiff_t i = 0; i < p.rows; i += most) {
                const std::ptrdiff_t rows = std::min(most, p.rows - i);
                typename registers::left_side a{left + i * p.left_row, p.left_row, p.left_depth};
                if (l.pack_left) {
                    a = tall ? pack::template left_rows<2 * group>(p, a.data, rows, packed_left) : pack::template left_rows<group>(p, a.data, rows, packed_left);
                }
                for (std::ptrdiff_t j = start; j < stop; j += widest) {
                    const std::ptrdiff_t columns = std::min(widest, stop - j);
                    // A plain product goes where it belongs; all others are handed on.
                    T* results = direct ? direct->to + (first_row + i) * direct->stride + j : tile;
                    const std::ptrdiff_t stride = direct ? direct->stride : tile_stride;
                    const std::ptrdiff_t step = rows == 1 && !l.pack_right && whole >= stop ? single * width : panel;
                    for (std::ptrdiff_t q = j; q < j + columns; q += step) {
                        const std::ptrdiff_t n = std::min(step, j + columns - q);
                        typename registers::right_side b{right + q, p.right_depth};
                        if (l.pack_right) {
                            b = {packed_right + (q - start) * p.depth, panel};
                        } else if (q >= whole) {
                            b = {packed_right, panel};
                        }
                        // The next panel, or the first one for the next rows.
                        const std::ptrdiff_t after = q + step < stop ? q + step : start;
                        const T* next = l.pack_right ? packed_right + (after - start) * p.depth : right + after;
                        registers::multiply({p.depth, n, a, b, next, results + (q - j), stride, !direct}, rows);
                    }
                    if (!direct) hand_on(p, to, first_row + i, rows, j, columns, tile, tile_stride);
                }
            }
        }
    }

    static void hand_on(const contraction_call& p, taker to, std::ptrdiff_t row, std::ptrdiff_t rows, std::ptrdiff_t column, std::ptrdiff_t columns, T* tile,
                        std::ptrdiff_t tile_stride) {
        if (p.goes_on) add_sums(p, row, rows, column, columns, tile, tile_stride);
        if (to.take) return to.take(to.context, row, rows, column, columns, tile, tile_stride);
        const plain& target = *static_cast<const plain*>(to.context);
        for (std::ptrdiff_t i = 0; i < rows; ++i, tile += tile_stride) {
            T* const line = target.to + (row + i) * target.stride + column;
            std::ptrdiff_t j = 0;
            for (; j + width <= columns; j += width) L::store(line + j, L::load(tile + j));
            if (j < columns) L::store_first(line + j, L::load(tile + j), columns - j);
        }
    }

    /// The product of the panels before.
    static void add_sums(const contraction_call& p, std::ptrdiff_t row, std::ptrdiff_t rows, std::ptrdiff_t column, std::ptrdiff_t columns, T* tile,
                         std::ptrdiff_t tile_stride) {
        for (std::ptrdiff_t i = 0; i < rows; ++i, tile += tile_stride) {
            const T* sums = static_cast<const T*>(p.sums) + (row + i) * p.sums_row + column;
            std::ptrdiff_t j = 0;
            for (; j + width <= columns; j += width) L::store(tile + j, L::load(sums + j) + L::load(tile + j));
            for (; j < columns; ++j) tile[j] = sums[j] + tile[j];
        }
    }

    /// One row, and the right side lies along the depth: dot products, without a copy.
    static void run_dots(const contraction_call& p, const T* left, const T* right, T* packed_left, std::ptrdiff_t first_row, taker to) {
        alignas(64) T tile[strip];
        if (p.left_depth != 1) {
            for (std::ptrdiff_t k = 0; k < p.depth; ++k) packed_left[k] = left[k * p.left_depth];
            left = packed_left;
        }
        for (std::ptrdiff_t j = 0; j < p.columns; j += strip) {
            const std::ptrdiff_t columns = std::min(strip, p.columns - j);
            std::ptrdiff_t q = 0;
            for (; q + 4 <= columns; q += 4) dot<4>(p, left, right + (j + q) * p.right_column, tile + q);
            for (; q < columns; ++q) dot<1>(p, left, right + (j + q) * p.right_column, tile + q);
            hand_on(p, to, first_row, 1, j, columns, tile, strip);
        }
    }
    template <int Columns>
    static void dot(const contraction_call& p, const T* left, const T* right, T* to) {
        V sum[Columns];
        for (V& v : sum) v = L::broadcast(T{0});
        std::ptrdiff_t k = 0;
        for (; k + width <= p.depth; k += width) {
            const V l = L::load(left + k);
            for (int q = 0; q < Columns; ++q) sum[q] = registers::fused(l, L::load(right + q * p.right_column + k), sum[q]);
        }
        if (k < p.depth) {
            const V l = L::load_first(left + k, p.depth - k);
            for (int q = 0; q < Columns; ++q) sum[q] = registers::fused(l, L::load_first(right + q * p.right_column + k, p.depth - k), sum[q]);
        }
        for (int q = 0; q < Columns; ++q) to[q] = L::fold(sum[q], [](auto a, auto b) { return a + b; });
    }
};

}  // namespace xgrad::kernel
