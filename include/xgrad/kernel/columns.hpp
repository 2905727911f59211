// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/registers.hpp>

namespace xgrad::kernel {

/// A pass over the columns of one row, vector by vector: operands are loaded, the pass's instructions run, elements are stored, reductions go on.
///
/// A pass without heavy ops takes four vectors at a time, each into sums of its own: an addition need not wait for the one before it. These sums
/// are put together, and begin again, every 64 vectors, so that in float a long row adds numbers of like size. What is left of a row, less than a
/// vector, is loaded and stored under a mask.
template <class T, std::uint64_t Digest>
class column_pass : protected body_registers<T, Digest, std::conditional_t<body_facts<Digest>::body.scalar, scalar_lanes, lanes<T>>> {
protected:
    using base = body_registers<T, Digest, std::conditional_t<body_facts<Digest>::body.scalar, scalar_lanes, lanes<T>>>;
    using typename base::facts, typename base::L, typename base::V, typename base::number, typename base::registers;
    // (Of its own: g++ loses members of a dependent base in generic lambdas.)
    static constexpr const auto& body = facts::body;
    static constexpr std::size_t store_count = facts::store_count, access_count = facts::access_count;
    static constexpr std::ptrdiff_t width = L::width;
    template <std::size_t I>
    using op_at = typename base::template op_at<I>;
    template <int Phase>
    static constexpr std::size_t unroll = body.scalar || facts::template is_heavy<Phase> ? 1 : 4;  ///< vectors at a time
    static constexpr std::ptrdiff_t vectors_in_sum = 64;

    /// The row that is worked on, or of a row the columns [column, column + n).
    struct current_row {
        const call& c;
        registers& row;                                             ///< what its columns share
        number* data[access_count == 0 ? 1 : access_count];         ///< of each operand the first column
        const number* ahead[access_count == 0 ? 1 : access_count];  ///< the row to fetch meanwhile
        const T* tile;                                              ///< a contraction's results
        number* kept;                                               ///< values for later passes, each `kept_stride` after the other
        number* lent;                                               ///< the first of them, in the memory of a result that is written later
        std::ptrdiff_t column, n, kept_stride;
    };

    template <std::size_t I>
    static XGRAD_INLINE V as_number(const registers& columns, const registers& row) {
        return base::template as_number<I>(columns, row);
    }

    // ---- the walk

    enum class extent_of { whole, part, streamed };  ///< what is at hand: a vector, less than one, one whose stores are aligned

    /// All columns. With Stream the stores go past the caches, from column `head` on, where they are aligned.
    template <int Phase, bool Stream>
    static XGRAD_INLINE void over_columns(current_row& x, [[maybe_unused]] std::ptrdiff_t head) {
        if constexpr (facts::template has_columns<Phase>) {
            constexpr auto lines = static_cast<std::ptrdiff_t>(unroll<Phase>);
            constexpr extent_of vector = Stream ? extent_of::streamed : extent_of::whole;
            accumulators<unroll<Phase>> acc;
            registers row;
            base::template copy_row<Phase>(row, x.row);
            constexpr auto code = facts::template column_code<Phase>;
            start_sums<Phase>(acc);
            constexpr std::ptrdiff_t block = width * vectors_in_sum;
            std::ptrdiff_t j = 0;
            if constexpr (Stream) {
                if (head > 0) columns<Phase, extent_of::part>(x, row, acc.outer, 0, head, code);
                j = head;
            }
            while (x.n - j >= width) {
                const std::ptrdiff_t stop = std::min(x.n, j + block);
                if constexpr (lines > 1) {
                    for (; stop - j >= width * lines; j += width * lines) unrolled<Phase, vector>(x, row, acc, j, std::make_index_sequence<unroll<Phase>>{});
                }
                for (; stop - j >= width; j += width) columns<Phase, vector>(x, row, acc.inner[0], j, width, code);
                add_lines<Phase>(acc);
            }
            if (j < x.n) columns<Phase, extent_of::part>(x, row, acc.outer, j, x.n - j, code);
            write_labels<Phase>(x);
            take_sums<Phase>(x, acc);
        }
    }
    template <int Phase, extent_of Extent, class Acc, std::size_t... U>
    static XGRAD_INLINE void unrolled(current_row& x, const registers& row, Acc& acc, std::ptrdiff_t j, std::index_sequence<U...>) {
        (columns<Phase, Extent>(x, row, acc.inner[U], j + static_cast<std::ptrdiff_t>(U) * width, width, facts::template column_code<Phase>), ...);
    }
    /// What a store puts at the label's column alone.
    template <int Phase>
    static XGRAD_INLINE void write_labels(current_row& x) {
        each_place(facts::template label_stores<Phase>, [&]<std::size_t K>() XGRAD_LAMBDA_INLINE {
            constexpr store st = body.stores[K];
            constexpr instruction chosen = body.code[st.from];
            const auto label = static_cast<std::ptrdiff_t>(L::first(as_number<body.code[chosen.a].a>(x.row, x.row))) - x.column;
            if (label >= 0 && label < x.n) x.data[st.access][label * x.c.operands[st.access].column_stride] = L::first(as_number<chosen.b>(x.row, x.row));
        });
    }
    /// How many columns come before the first at which every store of the last pass is aligned to a vector; -1 if there is none such.
    static XGRAD_INLINE std::ptrdiff_t columns_to_alignment(const current_row& x) {
        constexpr auto bytes = static_cast<std::uintptr_t>(width) * sizeof(T);
        std::uintptr_t misaligned[store_count + 1], n = 0;
        each_place(facts::template column_stores<body.phases - 1>,
                   [&]<std::size_t K>() XGRAD_LAMBDA_INLINE { misaligned[n++] = reinterpret_cast<std::uintptr_t>(x.data[body.stores[K].access]) % bytes; });
        for (std::uintptr_t k = 0; k < n; ++k)
            if (misaligned[k] != misaligned[0] || misaligned[k] % sizeof(T) != 0) return -1;
        return std::min(x.n, static_cast<std::ptrdiff_t>((bytes - misaligned[0]) % bytes / sizeof(T)));
    }

    // ---- one vector

    /// Columns [j, j + n): all instructions of the pass, then its stores.
    template <int Phase, extent_of Extent, std::size_t... I>
    static XGRAD_INLINE void columns(current_row& x, [[maybe_unused]] const registers& row, [[maybe_unused]] V* acc, std::ptrdiff_t j, std::ptrdiff_t n, std::index_sequence<I...>) {
        constexpr bool is_part = Extent == extent_of::part;
        registers r;
        if constexpr (facts::template fetches_ahead<Phase> && !is_part) fetch_ahead(x, j);
        (column_step<Phase, is_part, I>(x, row, r, acc, j, n), ...);
        each_place(facts::template column_stores<Phase>, [&]<std::size_t K>() XGRAD_LAMBDA_INLINE {
            constexpr store st = body.stores[K];
            V value = as_number<facts::stored_in_columns(st)>(r, row);
            number* to = x.data[st.access] + (st.step == stepping::strided ? j * x.c.operands[st.access].column_stride : j);
            if constexpr (st.how == storing::add_element) {
                using Op = typename base::template op_of<st.op>;
                value = Op::combine(base::template read<st.step, is_part>(to, x.c.operands[st.access].column_stride, n), value);
            }
            if constexpr (Extent == extent_of::streamed) {
                L::stream(to, value);
            } else {
                base::template write<st.step, is_part>(to, x.c.operands[st.access].column_stride, value, n);
            }
        });
    }
    static XGRAD_INLINE void fetch_ahead(const current_row& x, std::ptrdiff_t j) {
        each_place(facts::contiguous_loads, [&]<std::size_t I>() XGRAD_LAMBDA_INLINE {
            constexpr std::size_t access = body.code[I].access;
            L::prefetch(x.ahead[access] + j);
        });
    }
    template <int Phase, bool IsPart, std::size_t I>
    static XGRAD_INLINE void column_step(current_row& x, [[maybe_unused]] const registers& row, registers& r, V* acc, std::ptrdiff_t j, std::ptrdiff_t n) {
        constexpr instruction i = body.code[I];
        if constexpr (i.what == opcode::reduce && i.phase == Phase) {
            V& sum = acc[facts::template reduction_place<I>];
            if constexpr (IsPart && !body.scalar) {
                const V start = L::broadcast(static_cast<number>(op_at<I>::start));
                sum = op_at<I>::combine(sum, L::choose(L::iota() < L::broadcast(static_cast<number>(n)), as_number<i.a>(r, row), start));
            } else {
                sum = base::template accumulate<I>(sum, r, row);
            }
        } else if constexpr (i.what == opcode::load) {
            const number* from = x.data[i.access] + (i.step == stepping::strided ? j * x.c.operands[i.access].column_stride : j);
            r.r[I].v = base::template read<i.step, IsPart>(from, x.c.operands[i.access].column_stride, n);
        } else if constexpr (i.what == opcode::tile) {
            r.r[I].v = L::load(x.tile + j);  // a tile has room for whole vectors
        } else if constexpr (i.what == opcode::index) {
            r.r[I].m = L::iota() + L::broadcast(static_cast<number>(j + x.column)) == as_number<i.a>(r, row);
        } else if constexpr (i.saved && i.phase < Phase) {
            r.r[I].v = base::template read<stepping::contiguous, IsPart && is_lent<I>>(kept_at<I>(x, j), 1, n);
        } else if constexpr (i.what == opcode::apply) {
            base::template apply<I>(r, r, row);
            if constexpr (i.saved && i.phase == Phase) base::template write<stepping::contiguous, IsPart && is_lent<I>>(kept_at<I>(x, j), 1, as_number<I>(r, row), n);
        }
    }
    template <std::size_t I>
    static constexpr bool is_lent = facts::lender < store_count && facts::template save_place<I> == 0;
    template <std::size_t I>
    static XGRAD_INLINE number* kept_at(const current_row& x, std::ptrdiff_t j) {
        return is_lent<I> ? x.lent + j : x.kept + facts::template save_place<I> * x.kept_stride + j;
    }

    // ---- sums, and what else reductions combine: in lines, these into one, and that over its lanes

    template <std::size_t Lines>
    struct accumulators {
        V inner[Lines][facts::reduction_count == 0 ? 1 : facts::reduction_count];
        V outer[facts::reduction_count == 0 ? 1 : facts::reduction_count];
    };
    template <int Phase>
    static XGRAD_INLINE void start_sums(auto& acc) {
        each_place(facts::template reductions<Phase>, [&]<std::size_t I>() XGRAD_LAMBDA_INLINE {
            acc.outer[facts::template reduction_place<I>] = L::broadcast(static_cast<number>(op_at<I>::start));
            restart<I>(acc, std::make_index_sequence<unroll<Phase>>{});
        });
    }
    /// The lines into one, and from the start again.
    template <int Phase>
    static XGRAD_INLINE void add_lines(auto& acc) {
        each_place(facts::template reductions<Phase>, [&]<std::size_t I>() XGRAD_LAMBDA_INLINE {
            constexpr auto lines = std::make_index_sequence<unroll<Phase>>{};
            V& outer = acc.outer[facts::template reduction_place<I>];
            outer = op_at<I>::combine(outer, all_lines<I>(acc, lines));
            restart<I>(acc, lines);
        });
    }
    template <int Phase>
    static XGRAD_INLINE void take_sums(current_row& x, const auto& acc) {
        each_place(facts::template reductions<Phase>, [&]<std::size_t I>() XGRAD_LAMBDA_INLINE {
            auto combine = [](auto a, auto b) XGRAD_LAMBDA_INLINE { return op_at<I>::combine(a, b); };
            if constexpr (body.scalar) {
                x.row.r[I].v = base::template as_kept<I>(acc.outer[facts::template reduction_place<I>]);
            } else {
                x.row.r[I].v = L::broadcast(L::fold(acc.outer[facts::template reduction_place<I>], combine));
            }
        });
    }
    // (Without loops, so that the compiler keeps the accumulators in registers.)
    template <std::size_t I, std::size_t... U>
    static XGRAD_INLINE void restart(accumulators<sizeof...(U)>& acc, std::index_sequence<U...>) {
        ((acc.inner[U][facts::template reduction_place<I>] = L::broadcast(static_cast<number>(op_at<I>::start))), ...);
    }
    template <std::size_t I, std::size_t... U>
    static XGRAD_INLINE V all_lines(const accumulators<sizeof...(U)>& acc, std::index_sequence<U...>) {
        V combined = acc.inner[0][facts::template reduction_place<I>];
        ((U > 0 ? void(combined = op_at<I>::combine(combined, acc.inner[U][facts::template reduction_place<I>])) : void()), ...);
        return combined;
    }
};

}  // namespace xgrad::kernel
