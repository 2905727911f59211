// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/expr/span.hpp>
#include <xgrad/kernel/registers.hpp>
#include <xgrad/kernel/transpose.hpp>

namespace xgrad::kernel {

/// One body over rows of few columns: the lanes are neighbouring rows. Operands are turned round on the way in and out, so
/// that a column is one vector, a reduction over the columns is a plain combination of vectors, and what is done once a row is
/// done once for as many rows as there are lanes.
template <class T, std::uint64_t Digest>
class short_row_kernel : body_registers<T, Digest, lanes<T>> {
    using base = body_registers<T, Digest, lanes<T>>;
    using typename base::facts, typename base::L, typename base::V, typename base::registers;
    // (Of its own: g++ loses members of a dependent base in generic lambdas.)
    static constexpr const auto& body = facts::body;
    static constexpr std::size_t store_count = facts::store_count, access_count = facts::access_count;
    static constexpr std::ptrdiff_t width = L::width;
    static constexpr std::ptrdiff_t paired_columns = 16;
    static constexpr std::size_t most_folds = width / 4;  ///< of lanes that share a sum; shorter runs are added lane by lane
    template <std::size_t I>
    using op_at = typename base::template op_at<I>;
    template <std::uint64_t Op>
    using op_of = typename base::template op_of<Op>;

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

public:
    /// Two blocks at a time where both fit the first-level cache: while one waits for what is done once a row, the other goes on.
    static void run(const call& c) {
        if (c.merges) return base::merge(c);
        shared_by_blocks shared;
        block blocks[2]{{c, shared}, {c, shared}};
        const std::ptrdiff_t most = c.columns <= paired_columns && c.rows > width ? 2 : 1;
        begin(c, shared, span<block>(blocks, static_cast<std::size_t>(most)));
        for (std::ptrdiff_t first = 0; first < c.rows; first += most * width) {
            const span<block> together(blocks, static_cast<std::size_t>(std::min(most, (c.rows - first + width - 1) / width)));
            std::ptrdiff_t at = first;
            for (block& b : together) {
                place(b, at);
                turn_in(b);
                b.begun = true;
                at += width;
            }
            passes(together, std::make_index_sequence<static_cast<std::size_t>(body.phases)>{});
            for (block& b : together) {
                row_step<body.phases>(b);
                store_rows(b);
                turn_out(b);
            }
        }
        finish(blocks[0]);
    }

private:
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
            if constexpr (st.how == storing::total) std::fill(shared.totals[K], shared.totals[K] + width, op_of<st.op>::start);
            if constexpr (st.how == storing::add_element) {
                shared.sums[K] = next;
                next += room;
                std::fill(shared.sums[K], next, static_cast<T>(op_of<st.op>::start));
            }
        });
    }

    // ---- where the rows are

    static XGRAD_INLINE std::ptrdiff_t inner_stride(const call& c, std::size_t a) { return c.operands[a].row_strides[static_cast<std::size_t>(std::max(c.row_axes, 1) - 1)]; }
    /// The last of `active` rows stands for those that are not there.
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

    // ---- once a row

    static XGRAD_INLINE V gathered(const block& b, std::size_t a) {
        if (is_contiguous(b, a)) return L::load(b.begin[a]);
        alignas(64) T lane[width];
        for (std::ptrdiff_t i = 0; i < width; ++i) lane[i] = *b.at(a)[i];
        return L::load(lane);
    }
    template <std::size_t I>
    static XGRAD_INLINE V as_number(const registers& columns, const registers& row) {
        return base::template as_number<I>(columns, row);
    }
    template <int Phase>
    static XGRAD_INLINE void row_step(block& b) {
        base::template in_step<Phase>(b.row, [&]<std::size_t I>(registers& step) XGRAD_LAMBDA_INLINE { row_step_at<I>(b, step); });
    }
    template <std::size_t I>
    static XGRAD_INLINE void row_step_at(block& b, registers& step) {
        constexpr instruction i = body.code[I];
        if constexpr (i.what == opcode::load) {
            step.r[I].v = gathered(b, i.access);
        } else if constexpr (i.what == opcode::gather) {
            const V label = as_number<i.a>(step, step), first = L::broadcast(T{0});
            if constexpr (reads_elements[i.access]) {
                step.r[I].v = L::pick(b.turned[i.access], b.c.columns, L::choose(label > first, label, first));
            } else if (is_the_same_in_all(b, i.access)) {
                step.r[I].v = L::take(b.at(i.access)[0], b.c.operands[i.access].column_stride, b.c.columns, L::choose(label > first, label, first));
            } else {
                alignas(64) T lane[width];
                L::store(lane, label);
                for (std::ptrdiff_t k = 0; k < width; ++k)
                    lane[k] = b.at(i.access)[k][static_cast<std::ptrdiff_t>(std::max(lane[k], T{0})) * b.c.operands[i.access].column_stride];
                step.r[I].v = L::load(lane);
            }
        } else {
            base::template apply<I>(step, step, step);
        }
    }
    static XGRAD_INLINE void store_rows(block& b) {
        each_place(facts::row_stores, [&]<std::size_t K>() XGRAD_LAMBDA_INLINE {
            constexpr store st = body.stores[K];
            if constexpr (st.how == storing::row || st.how == storing::add_row || st.how == storing::total) {
                if constexpr (st.how != storing::total)
                    if (T* const to = b.begin[st.access]; is_contiguous(b, st.access)) {
                        if constexpr (st.how == storing::row) return L::store(to, as_number<st.from>(b.row, b.row));
                        else return L::store(to, op_of<st.op>::combine(L::load(to), as_number<st.from>(b.row, b.row)));
                    }
                alignas(64) T lane[width];
                L::store(lane, as_number<st.from>(b.row, b.row));
                if constexpr (st.how == storing::row) {
                    for (std::ptrdiff_t i = 0; i < b.active; ++i) *b.at(st.access)[i] = lane[i];
                } else if constexpr (st.how == storing::add_row) {
                    for (std::ptrdiff_t i = 0; i < b.active; ++i) *b.at(st.access)[i] = op_of<st.op>::combine(*b.at(st.access)[i], lane[i]);
                } else {
                    for (std::ptrdiff_t i = b.active; i < width; ++i) lane[i] = static_cast<T>(op_of<st.op>::start);
                    for (std::ptrdiff_t i = 0; i < width; ++i) b.shared.totals[K][i] = op_of<st.op>::combine(b.shared.totals[K][i], static_cast<double>(lane[i]));
                }
            }
        });
    }
    /// Lanes and columns that summed over rows, combined at the end.
    static void finish(block& b) {
        each_place(facts::combined_stores, [&]<std::size_t K>() XGRAD_LAMBDA_INLINE {
            constexpr store st = body.stores[K];
            if constexpr (st.how == storing::total) {
                double(&totals)[width] = b.shared.totals[K];
                double& all_rows = *static_cast<double*>(b.c.operands[st.access].data);
                for (std::ptrdiff_t half = width / 2; half > 0; half /= 2)
                    for (std::ptrdiff_t lane = 0; lane < half; ++lane) totals[lane] = op_of<st.op>::combine(totals[lane], totals[lane + half]);
                all_rows = b.c.operands[st.access].goes_on ? op_of<st.op>::combine(all_rows, totals[0]) : totals[0];
            } else if constexpr (st.how == storing::add_element) {
                if (!is_the_same_in_all(b, st.access)) return;
                auto combine = [](auto x, auto y) XGRAD_LAMBDA_INLINE { return op_of<st.op>::combine(x, y); };
                for (std::ptrdiff_t j = 0; j < b.c.columns; ++j) {
                    T& to = static_cast<T*>(b.c.operands[st.access].data)[j * b.c.operands[st.access].column_stride];
                    to = combine(to, L::fold(L::load(b.shared.sums[K] + j * width), combine));
                }
            }
        });
    }

    // ---- passes over the columns

    template <std::size_t... Phase>
    static XGRAD_INLINE void passes(span<block> together, std::index_sequence<Phase...>) {
        (pass_of_all<static_cast<int>(Phase)>(together), ...);
    }
    /// (Not inline: beside calls g++ would read every constant from memory where it is used, and a pass has time for few of them.)
    template <int Phase>
    static XGRAD_NOINLINE void pass_of_all(span<block> together) {
        for (block& b : together) pass<Phase>(b);
    }
    template <int Phase>
    static XGRAD_INLINE void pass(block& b) {
        row_step<Phase>(b);
        if constexpr (facts::template has_columns<Phase>) {
            V combined[facts::reduction_count + 1];
            registers row;
            base::template copy_row<Phase>(row, b.row);
            each_place(facts::template reductions<Phase>, [&]<std::size_t I>() XGRAD_LAMBDA_INLINE { combined[facts::template reduction_place<I>] = L::broadcast(static_cast<T>(op_at<I>::start)); });
            V number = L::broadcast(T{0});
            for (std::ptrdiff_t j = 0, columns = b.c.columns; j < columns; ++j, number = number + L::broadcast(T{1})) column<Phase>(b, row, combined, j, number, facts::template column_code<Phase>);
            each_place(facts::template reductions<Phase>, [&]<std::size_t I>() XGRAD_LAMBDA_INLINE { b.row.r[I].v = combined[facts::template reduction_place<I>]; });
        }
    }
    template <int Phase, std::size_t... I>
    static XGRAD_INLINE void column(block& b, const registers& row, V* combined, std::ptrdiff_t j, V number, std::index_sequence<I...>) {
        registers r;
        (column_step<Phase, I>(b, row, r, combined, j, number), ...);
        each_place(facts::template column_stores<Phase>, [&]<std::size_t K>() XGRAD_LAMBDA_INLINE {
            constexpr store st = body.stores[K];
            const V value = as_number<st.from>(r, row);
            if constexpr (st.how == storing::element) {
                L::store(b.turned[st.access] + j * width, value);
            } else {
                add_element<K>(b, value, j);
            }
        });
    }
    template <std::size_t K>
    static XGRAD_INLINE void add_element(block& b, V value, std::ptrdiff_t j) {
        constexpr store st = body.stores[K];
        using Op = op_of<st.op>;
        if (is_the_same_in_all(b, st.access)) {
            T* sum = b.shared.sums[K] + j * width;
            L::store(sum, Op::combine(L::load(sum), in_lanes<Op>(value, 0, b.active)));
            return;
        }
        const std::ptrdiff_t place = j * b.c.operands[st.access].column_stride;
        if (b.c.row_axes > 1 && b.runs[K] <= most_folds) {
            std::ptrdiff_t begin = 0;
            for (const std::ptrdiff_t end : span<const std::ptrdiff_t>(b.run_ends[K], b.runs[K])) {
                T& to = b.at(st.access)[begin][place];
                to = Op::combine(to, L::fold(in_lanes<Op>(value, begin, end), [](auto x, auto y) XGRAD_LAMBDA_INLINE { return Op::combine(x, y); }));
                begin = end;
            }
            return;
        }
        alignas(64) T lane[width];
        L::store(lane, value);
        for (std::ptrdiff_t i = 0; i < b.active; ++i) {
            T& to = b.at(st.access)[i][place];
            to = Op::combine(to, lane[i]);
        }
    }
    /// Outside lanes [begin, end) what changes nothing.
    template <class Op>
    static XGRAD_INLINE V in_lanes(V value, std::ptrdiff_t begin, std::ptrdiff_t end) {
        const V start = L::broadcast(static_cast<T>(Op::start)), lane = L::iota();
        if (end < width) value = L::choose(lane < L::broadcast(static_cast<T>(end)), value, start);
        if (begin > 0) value = L::choose(lane < L::broadcast(static_cast<T>(begin)), start, value);
        return value;
    }
    template <int Phase, std::size_t I>
    static XGRAD_INLINE void column_step(block& b, const registers& row, registers& r, V* combined, std::ptrdiff_t j, V number) {
        constexpr instruction i = body.code[I];
        if constexpr (i.what == opcode::reduce && i.phase == Phase) {
            V& total = combined[facts::template reduction_place<I>];
            total = base::template accumulate<I>(total, r, row);
        } else if constexpr (i.what == opcode::load) {
            r.r[I].v = L::load(b.turned[i.access] + j * width);
        } else if constexpr (i.what == opcode::index) {
            r.r[I].m = number == as_number<i.a>(r, row);
        } else if constexpr (i.saved && i.phase < Phase) {
            r.r[I].v = L::load(b.kept + (facts::template save_place<I> * b.c.columns + j) * width);
        } else if constexpr (i.what == opcode::apply) {
            base::template apply<I>(r, r, row);
            if constexpr (i.saved && i.phase == Phase) L::store(b.kept + (facts::template save_place<I> * b.c.columns + j) * width, as_number<I>(r, row));
        }
    }
};

}  // namespace xgrad::kernel
