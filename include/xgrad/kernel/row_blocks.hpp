// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/expr/span.hpp>
#include <xgrad/kernel/registers.hpp>
#include <xgrad/kernel/transpose.hpp>

namespace xgrad::kernel {

/// As many rows of a body as a vector has lanes, a block: where they lie in memory, and how operands are turned round on the way in and out, so that
/// a column is one vector.
///
/// Rows are mostly neighbours along the innermost axis of rows: then one list of offsets serves all blocks. Where a block goes on in the next line of
/// that axis, or has fewer rows than lanes, it has offsets of its own; the last of its rows stands for those that are not there.
template <class T, std::uint64_t Digest>
class row_blocks : protected body_registers<T, Digest, lanes<T>> {
protected:
    using base = body_registers<T, Digest, lanes<T>>;
    using typename base::facts, typename base::L, typename base::V, typename base::registers;
    // (Of its own: g++ loses members of a dependent base in generic lambdas.)
    static constexpr const auto& body = facts::body;
    static constexpr std::size_t store_count = facts::store_count, access_count = facts::access_count;
    static constexpr std::ptrdiff_t width = L::width;

    /// Which operands are read, or written, element by element.
    static constexpr auto reads_elements = [] {
        std::array<bool, access_count + 1> reads{};
        for (const instruction& i : body.code)
            if (i.what == opcode::load && !i.per_row) reads[i.access] = true;
        return reads;
    }();
    static constexpr auto element_reads = places<access_count>([](std::size_t a) { return reads_elements[a]; });
    static constexpr auto element_stores = places<store_count>([](std::size_t k) { return body.stores[k].how == storing::element; });

    using rows_of_block = rows_at_offsets<T>;
    /// What blocks share: how far apart rows are where they are in a line, along the innermost axis of rows, and what they combine into.
    struct shared_by_blocks {
        std::ptrdiff_t offset[access_count + 1][width];
        T* sums[store_count + 1];             ///< of a sum over rows: one vector a column
        alignas(64) double totals[store_count + 1][width];
    };
    struct block {
        const call& c;
        shared_by_blocks& shared;
        registers row;
        std::ptrdiff_t active = width;         ///< rows in this block; further lanes repeat the last
        bool begun = false;                    ///< it has held other rows before
        bool in_line = true;                   ///< its rows are neighbours along one axis
        T* begin[access_count + 1];            ///< where its rows begin, and how far from there each is
        const std::ptrdiff_t* apart[access_count + 1];
        std::ptrdiff_t offset[access_count + 1][width];  ///< its own, where rows are not in a line or too few
        std::ptrdiff_t run_ends[store_count + 1][width];  ///< of a sum over some of several axes of rows: where lanes that share a sum end
        std::size_t runs[store_count + 1];
        T* turned[access_count + 1];           ///< elements of an operand, column by column
        T* kept;

        block(const call& of, shared_by_blocks& together) : c(of), shared(together) {  // the rest is set where it is used
            for (std::size_t a = 0; a < access_count; ++a) apart[a] = together.offset[a];
        }
        XGRAD_INLINE rows_of_block at(std::size_t a) const { return {begin[a], apart[a]}; }
    };

    /// What is done once a call. In the row buffer: for each block its operands turned round and what is kept of them, then the sums over rows.
    static XGRAD_INLINE void begin(const call& c, shared_by_blocks& shared, span<block> blocks) {
        base::start_combined(c);
        for (std::size_t a = 0; a < access_count; ++a)
            if (facts::has_rows[a]) line_up(shared.offset[a], inner_stride(c, a), width);
        const std::ptrdiff_t room = transposition<T>::padded(c.columns) * width;
        T* next = static_cast<T*>(c.row_buffer);
        for (block& b : blocks) {
            base::compute_fixed(c, b.row);
            for (std::size_t a = 0; a < access_count; ++a, next += room) b.turned[a] = next;
            b.kept = next;
            next += body.saves * room;
        }
        each_place(facts::combined_stores, [&]<std::size_t K>() XGRAD_LAMBDA_INLINE {
            constexpr store st = body.stores[K];
            if constexpr (st.how == storing::total) std::fill(shared.totals[K], shared.totals[K] + width, base::template op_of<st.op>::start);
            if constexpr (st.how == storing::add_element) {
                shared.sums[K] = next;
                next += room;
                std::fill(shared.sums[K], next, static_cast<T>(base::template op_of<st.op>::start));
            }
        });
    }

    // ---- where the rows are

    static XGRAD_INLINE std::ptrdiff_t inner_stride(const call& c, std::size_t a) { return c.operands[a].row_strides[static_cast<std::size_t>(std::max(c.row_axes, 1) - 1)]; }
    static void line_up(std::ptrdiff_t* offset, std::ptrdiff_t stride, std::ptrdiff_t active) {
        for (std::ptrdiff_t lane = 0; lane < width; ++lane) offset[lane] = lane * stride;
        for (std::ptrdiff_t lane = active; lane < width; ++lane) offset[lane] = offset[active - 1];
    }
    static XGRAD_INLINE void place(block& b, std::ptrdiff_t first) {
        const call& c = b.c;
        b.active = std::min(width, c.rows - first);
        if (c.row_axes > 1) return place_in_axes(b, first);
        each_place(facts::row_accesses, [&]<std::size_t A>() XGRAD_LAMBDA_INLINE { b.begin[A] = static_cast<T*>(c.operands[A].data) + first * c.operands[A].row_strides[0]; });
        if (b.active < width) shorten(b);
    }
    /// Rows in a line, fewer than there are lanes.
    static XGRAD_NOINLINE void shorten(block& b) {
        for (std::size_t a = 0; a < access_count; ++a) {
            if (!facts::has_rows[a]) continue;
            line_up(b.offset[a], inner_stride(b.c, a), b.active);
            b.apart[a] = b.offset[a];
        }
    }
    static XGRAD_NOINLINE void place_in_axes(block& b, std::ptrdiff_t first) {
        const call& c = b.c;
        std::ptrdiff_t index[max_rank];
        base::place_of(c, first, index);
        const auto inner = static_cast<std::size_t>(c.row_axes - 1);
        b.in_line = index[inner] + b.active <= c.row_extents[inner];
        if (b.in_line) {
            for (std::size_t a = 0; a < access_count; ++a) {
                if (!facts::has_rows[a]) continue;
                b.begin[a] = static_cast<T*>(c.operands[a].data) + base::offset_of(c, a, index);
                b.apart[a] = b.shared.offset[a];
            }
            if (b.active < width) shorten(b);
        } else {
            place_apart(b, index);
        }
        each_place(facts::combined_stores, [&]<std::size_t K>() XGRAD_LAMBDA_INLINE {
            if constexpr (body.stores[K].how == storing::add_element) find_runs(b, K);
        });
    }
    static void place_apart(block& b, std::ptrdiff_t (&index)[max_rank]) {
        const call& c = b.c;
        for (std::size_t a = 0; a < access_count; ++a) {
            b.begin[a] = static_cast<T*>(c.operands[a].data);
            b.apart[a] = b.offset[a];
        }
        for (std::ptrdiff_t lane = 0; lane < width; ++lane) {
            for (std::size_t a = 0; a < access_count; ++a)
                if (facts::has_rows[a]) b.offset[a][lane] = base::offset_of(c, a, index);
            if (lane + 1 >= b.active) continue;
            int axis = c.row_axes - 1;
            for (++index[axis]; axis > 0 && index[axis] == c.row_extents[static_cast<std::size_t>(axis)]; ++index[--axis]) index[axis] = 0;
        }
    }
    /// Neighbouring lanes whose sum is one row of the result.
    static XGRAD_INLINE void find_runs(block& b, std::size_t k) {
        const rows_of_block at = b.at(body.stores[k].access);
        std::size_t count = 0;
        for (std::ptrdiff_t lane = 1; lane <= b.active; ++lane)
            if (lane == b.active || at.offset[lane] != at.offset[lane - 1]) b.run_ends[k][count++] = lane;
        b.runs[k] = count;
    }
    static bool is_contiguous(const block& b, std::size_t a) { return b.in_line && inner_stride(b.c, a) == 1 && b.active == width; }
    static bool is_the_same_in_all(const block& b, std::size_t a) {
        for (int axis = 0; axis < b.c.row_axes; ++axis)
            if (b.c.operands[a].row_strides[static_cast<std::size_t>(axis)] != 0) return false;
        return true;
    }
    /// Of rows along several axes: the block moves along those that the operand does not have.
    static XGRAD_INLINE bool is_one_row(const block& b, std::size_t a) {
        const std::ptrdiff_t* const offset = b.apart[a];
        std::ptrdiff_t others = 0;
        for (std::ptrdiff_t lane = 1; lane < width; ++lane) others |= offset[lane] - offset[0];
        return others == 0;
    }
    static XGRAD_INLINE void turn_in(block& b) {
        each_place(element_reads, [&]<std::size_t A>() XGRAD_LAMBDA_INLINE {
            const bool same = is_the_same_in_all(b, A);
            if (b.begun && same) return;
            if (same || (b.c.row_axes > 1 && is_one_row(b, A))) return repeat(b.at(A)[0], b.c.columns, b.c.operands[A].column_stride, b.turned[A]);
            transposition<T>::in(b.at(A), b.c.columns, b.c.operands[A].column_stride, b.turned[A]);
        });
    }
    /// One row for all lanes.
    static XGRAD_INLINE void repeat(const T* row, std::ptrdiff_t columns, std::ptrdiff_t stride, T* turned) {
        for (std::ptrdiff_t j = 0; j < columns; ++j) L::store(turned + j * width, L::broadcast(row[j * stride]));
    }
    static void turn_out(block& b) {
        each_place(element_stores, [&]<std::size_t K>() XGRAD_LAMBDA_INLINE {
            constexpr std::size_t a = body.stores[K].access;
            transposition<T>::out(b.at(a), b.active, b.c.columns, b.c.operands[a].column_stride, b.turned[a]);
        });
    }

    static XGRAD_INLINE V gathered(const block& b, std::size_t a) {
        if (is_contiguous(b, a)) return L::load(b.begin[a]);
        alignas(64) T lane[width];
        for (std::ptrdiff_t i = 0; i < width; ++i) lane[i] = *b.at(a)[i];
        return L::load(lane);
    }
};

}  // namespace xgrad::kernel
