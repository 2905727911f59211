// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/registers.hpp>
#include <xgrad/kernel/transpose.hpp>

namespace xgrad::kernel {

/// One body over rows of few columns: the lanes are neighbouring rows. Operands are turned round on the way in and out, so
/// that a column is one vector, a reduction over the columns is a plain combination of vectors, and what is done once a row is
/// done once for as many rows as there are lanes.
template <class T, std::uint64_t Digest>
class short_row_kernel : body_registers<T, Digest, lanes<T>> {
    using base = body_registers<T, Digest, lanes<T>>;
    using typename base::facts, typename base::L, typename base::V, typename base::M, typename base::registers;
    using base::each_store;
    // (Of its own: g++ loses members of a dependent base in generic lambdas.)
    static constexpr const auto& body = facts::body;
    static constexpr std::size_t store_count = facts::store_count, access_count = facts::access_count;
    static constexpr std::ptrdiff_t width = L::width;
    static constexpr auto all = facts::all;
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

    struct block {
        const call& c;
        registers row;
        std::ptrdiff_t active;                 ///< rows in this block; further lanes repeat the last
        T* at[access_count + 1][width];        ///< the address of each operand in each row
        T* turned[access_count + 1];           ///< elements of an operand, column by column
        T* sums[store_count + 1];              ///< of a sum over rows: one vector a column
        T* kept;
        double totals[store_count + 1][width];
    };

public:
    static void run(const call& c) {
        if (c.merges) return base::merge(c);
        block b{c, {}, width, {}, {}, {}, nullptr, {}};
        base::compute_fixed(c, b.row);
        base::start_combined(c);
        const std::ptrdiff_t room = transposition<T>::padded(c.columns) * width;
        T* next = static_cast<T*>(c.row_buffer);
        for (std::size_t a = 0; a < access_count; ++a, next += room) b.turned[a] = next;
        each_store([&]<std::size_t K>() XGRAD_LAMBDA_INLINE {
            constexpr store st = body.stores[K];
            if constexpr (st.how == storing::total) std::fill(b.totals[K], b.totals[K] + width, op_of<st.op>::start);
            if constexpr (st.how == storing::add_element) {
                b.sums[K] = next;
                next += room;
                std::fill(b.sums[K], next, static_cast<T>(op_of<st.op>::start));
            }
        });
        b.kept = next;
        for (std::ptrdiff_t first = 0; first < c.rows; first += width) {
            place(b, first);
            turn_in(b, first, std::make_index_sequence<access_count>{});
            passes(b, std::make_index_sequence<static_cast<std::size_t>(body.phases)>{});
            row_step<body.phases>(b, all);
            store_rows(b);
            turn_out(b);
        }
        finish(b);
    }

private:
    // ---- where the rows are

    static void place(block& b, std::ptrdiff_t first) {
        const call& c = b.c;
        b.active = std::min(width, c.rows - first);
        if (c.row_axes <= 1) {
            for (std::size_t a = 0; a < access_count; ++a) {
                if (!facts::has_rows[a]) continue;
                const std::ptrdiff_t stride = c.operands[a].row_strides[0];
                T* row = static_cast<T*>(c.operands[a].data) + first * stride;
                for (std::ptrdiff_t lane = 0; lane < b.active; ++lane, row += stride) b.at[a][lane] = row;
                for (std::ptrdiff_t lane = b.active; lane < width; ++lane) b.at[a][lane] = row - stride;
            }
            return;
        }
        T* row[access_count + 1];
        for (std::ptrdiff_t lane = 0; lane < width; ++lane) {
            base::locate(c, first + std::min(lane, b.active - 1), 0, row);
            for (std::size_t a = 0; a < access_count; ++a) b.at[a][lane] = row[a];
        }
    }
    static bool is_contiguous(const block& b, std::size_t a) { return b.c.row_axes == 1 && b.c.operands[a].row_strides[0] == 1 && b.active == width; }
    static bool is_the_same_in_all(const block& b, std::size_t a) {
        for (int axis = 0; axis < b.c.row_axes; ++axis)
            if (b.c.operands[a].row_strides[static_cast<std::size_t>(axis)] != 0) return false;
        return true;
    }
    template <std::size_t... A>
    static void turn_in(block& b, std::ptrdiff_t first, std::index_sequence<A...>) {
        (turn_in_one<A>(b, first), ...);
    }
    template <std::size_t A>
    static XGRAD_INLINE void turn_in_one(block& b, std::ptrdiff_t first) {
        if constexpr (reads_elements[A]) {
            if (first > 0 && is_the_same_in_all(b, A)) return;
            transposition<T>::in(b.at[A], b.c.columns, b.c.operands[A].column_stride, b.turned[A]);
        }
    }
    static void turn_out(block& b) {
        each_store([&]<std::size_t K>() XGRAD_LAMBDA_INLINE {
            constexpr store st = body.stores[K];
            if constexpr (st.how == storing::element) transposition<T>::out(b.at[st.access], b.active, b.c.columns, b.c.operands[st.access].column_stride, b.turned[st.access]);
        });
    }

    // ---- once a row

    static XGRAD_INLINE V gathered(const block& b, std::size_t a) {
        if (is_contiguous(b, a)) return L::load(b.at[a][0]);
        alignas(64) T lane[width];
        for (std::ptrdiff_t i = 0; i < width; ++i) lane[i] = *b.at[a][i];
        return L::load(lane);
    }
    template <std::size_t I>
    static XGRAD_INLINE V as_number(const registers& columns, const registers& row) {
        return base::template as_number<I>(columns, row);
    }
    template <int Phase, std::size_t... I>
    static XGRAD_INLINE void row_step(block& b, std::index_sequence<I...>) {
        (row_step_at<Phase, I>(b), ...);
    }
    template <int Phase, std::size_t I>
    static XGRAD_INLINE void row_step_at(block& b) {
        constexpr instruction i = body.code[I];
        if constexpr (i.per_row && i.phase == Phase && !facts::fixed_registers[I]) {
            if constexpr (i.what == opcode::load) {
                b.row.r[I].v = gathered(b, i.access);
            } else if constexpr (i.what == opcode::gather) {
                alignas(64) T lane[width];
                L::store(lane, as_number<i.a>(b.row, b.row));
                for (std::ptrdiff_t k = 0; k < width; ++k)
                    lane[k] = b.at[i.access][k][static_cast<std::ptrdiff_t>(std::max(lane[k], T{0})) * b.c.operands[i.access].column_stride];
                b.row.r[I].v = L::load(lane);
            } else if constexpr (i.what == opcode::apply) {
                base::template apply<I>(b.row, b.row, b.row);
            }
        }
    }
    static XGRAD_INLINE void store_rows(block& b) {
        each_store([&]<std::size_t K>() XGRAD_LAMBDA_INLINE {
            constexpr store st = body.stores[K];
            if constexpr (st.how == storing::row || st.how == storing::add_row || st.how == storing::total) {
                alignas(64) T lane[width];
                L::store(lane, as_number<st.from>(b.row, b.row));
                if constexpr (st.how == storing::row) {
                    for (std::ptrdiff_t i = 0; i < b.active; ++i) *b.at[st.access][i] = lane[i];
                } else if constexpr (st.how == storing::add_row) {
                    for (std::ptrdiff_t i = 0; i < b.active; ++i) *b.at[st.access][i] = op_of<st.op>::combine(*b.at[st.access][i], lane[i]);
                } else {
                    for (std::ptrdiff_t i = b.active; i < width; ++i) lane[i] = static_cast<T>(op_of<st.op>::start);
                    for (std::ptrdiff_t i = 0; i < width; ++i) b.totals[K][i] = op_of<st.op>::combine(b.totals[K][i], static_cast<double>(lane[i]));
                }
            }
        });
    }
    /// Lanes and columns that summed over rows, combined at the end.
    static void finish(block& b) {
        each_store([&]<std::size_t K>() XGRAD_LAMBDA_INLINE {
            constexpr store st = body.stores[K];
            if constexpr (st.how == storing::total) {
                double all_rows = b.c.operands[st.access].goes_on ? *static_cast<const double*>(b.c.operands[st.access].data) : op_of<st.op>::start;
                for (const double lane : b.totals[K]) all_rows = op_of<st.op>::combine(all_rows, lane);
                *static_cast<double*>(b.c.operands[st.access].data) = all_rows;
            } else if constexpr (st.how == storing::add_element) {
                if (!is_the_same_in_all(b, st.access)) return;
                auto combine = [](auto x, auto y) XGRAD_LAMBDA_INLINE { return op_of<st.op>::combine(x, y); };
                for (std::ptrdiff_t j = 0; j < b.c.columns; ++j) {
                    T& to = static_cast<T*>(b.c.operands[st.access].data)[j * b.c.operands[st.access].column_stride];
                    to = combine(to, L::fold(L::load(b.sums[K] + j * width), combine));
                }
            }
        });
    }

    // ---- passes over the columns

    template <std::size_t... Phase>
    static XGRAD_INLINE void passes(block& b, std::index_sequence<Phase...>) {
        (pass<static_cast<int>(Phase)>(b), ...);
    }
    template <int Phase>
    static XGRAD_INLINE void pass(block& b) {
        row_step<Phase>(b, all);
        if constexpr (facts::template has_columns<Phase>) {
            V combined[facts::reduction_count + 1];
            base::template each_reduction<Phase>([&]<std::size_t I>() XGRAD_LAMBDA_INLINE { combined[facts::template reduction_place<I>] = L::broadcast(static_cast<T>(op_at<I>::start)); });
            for (std::ptrdiff_t j = 0; j < b.c.columns; ++j) column<Phase>(b, combined, j, all);
            base::template each_reduction<Phase>([&]<std::size_t I>() XGRAD_LAMBDA_INLINE { b.row.r[I].v = combined[facts::template reduction_place<I>]; });
        }
    }
    template <int Phase, std::size_t... I>
    static XGRAD_INLINE void column(block& b, V* combined, std::ptrdiff_t j, std::index_sequence<I...>) {
        registers r;
        (column_step<Phase, I>(b, r, combined, j), ...);
        each_store([&]<std::size_t K>() XGRAD_LAMBDA_INLINE {
            constexpr store st = body.stores[K];
            if constexpr (facts::is_in_columns(st, Phase)) {
                const V value = as_number<st.from>(r, b.row);
                if constexpr (st.how == storing::element) {
                    L::store(b.turned[st.access] + j * width, value);
                } else {
                    add_element<K>(b, value, j);
                }
            }
        });
    }
    template <std::size_t K>
    static XGRAD_INLINE void add_element(block& b, V value, std::ptrdiff_t j) {
        constexpr store st = body.stores[K];
        using Op = op_of<st.op>;
        if (is_the_same_in_all(b, st.access)) {
            if (b.active < width) value = L::choose(L::iota() < L::broadcast(static_cast<T>(b.active)), value, L::broadcast(static_cast<T>(Op::start)));
            T* sum = b.sums[K] + j * width;
            L::store(sum, Op::combine(L::load(sum), value));
            return;
        }
        alignas(64) T lane[width];
        L::store(lane, value);
        for (std::ptrdiff_t i = 0; i < b.active; ++i) {
            T& to = b.at[st.access][i][j * b.c.operands[st.access].column_stride];
            to = Op::combine(to, lane[i]);
        }
    }
    template <int Phase, std::size_t I>
    static XGRAD_INLINE void column_step(block& b, registers& r, V* combined, std::ptrdiff_t j) {
        constexpr instruction i = body.code[I];
        if constexpr (i.what == opcode::reduce && i.phase == Phase) {
            V& total = combined[facts::template reduction_place<I>];
            total = op_at<I>::combine(total, as_number<i.a>(r, b.row));
        } else if constexpr (facts::template needed<Phase>[I]) {
            if constexpr (i.what == opcode::load) {
                r.r[I].v = L::load(b.turned[i.access] + j * width);
            } else if constexpr (i.what == opcode::index) {
                r.r[I].m = L::broadcast(static_cast<T>(j)) == as_number<i.a>(r, b.row);
            } else if constexpr (i.saved && i.phase < Phase) {
                r.r[I].v = L::load(b.kept + (facts::template save_place<I> * b.c.columns + j) * width);
            } else if constexpr (i.what == opcode::apply) {
                base::template apply<I>(r, r, b.row);
                if constexpr (i.saved && i.phase == Phase) L::store(b.kept + (facts::template save_place<I> * b.c.columns + j) * width, as_number<I>(r, b.row));
            }
        }
    }
};

}  // namespace xgrad::kernel
