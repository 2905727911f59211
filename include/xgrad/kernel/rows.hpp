// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/registers.hpp>

namespace xgrad::kernel {

/// One body over rows and columns: every elementwise loop, every row reduction, and what follows a contraction's tile.
///
/// A row is walked in passes. A pass computes what its reductions and stores need, in vectors of columns; a value wanted by
/// a later pass stays in the row buffer. What is the same along a row is computed once a row, what is the same everywhere
/// once a call. Short rows of several passes go in pairs: while one waits for its reduction, the other's pass runs.
template <class T, std::uint64_t Digest>
class row_kernel : protected body_registers<T, Digest, std::conditional_t<body_facts<Digest>::body.scalar, scalar_lanes, lanes<T>>> {
protected:
    using base = body_registers<T, Digest, std::conditional_t<body_facts<Digest>::body.scalar, scalar_lanes, lanes<T>>>;
    using typename base::facts, typename base::L, typename base::V, typename base::M, typename base::number, typename base::registers;
    // (Of its own: g++ loses members of a dependent base in generic lambdas.)
    static constexpr const auto& body = facts::body;
    static constexpr std::size_t store_count = facts::store_count, access_count = facts::access_count;
    static constexpr std::ptrdiff_t width = L::width;
    template <std::size_t I>
    using op_at = typename base::template op_at<I>;
    static constexpr std::size_t buffer_unit = 64;  ///< vectors in a partial sum
    static constexpr bool may_stream = facts::may_stream && L::streams;
    static constexpr bool fetches = []<std::size_t... Phase>(std::index_sequence<Phase...>) {
        return (facts::template fetches_ahead<static_cast<int>(Phase)> || ...);
    }(std::make_index_sequence<static_cast<std::size_t>(body.phases)>{});
    /// Both rows of a pair stay in the first-level cache, with what is kept of them.
    static constexpr std::ptrdiff_t paired_columns = std::min(paired_row, first_level_cache / (2 * static_cast<std::ptrdiff_t>(sizeof(T)) * facts::rows_in_hand));
    static constexpr std::ptrdiff_t most_rows = body.phases > 1 && !body.scalar ? 2 : 1;  ///< worked on at a time
    template <int Phase>
    static constexpr std::size_t unroll = body.scalar || facts::template is_heavy<Phase> ? 1 : 4;  ///< lines of sums in a pass

public:
    /// What lives from the first row of a call to the last.
    struct state {
        registers row[most_rows];  ///< what is the same everywhere and, while a row is worked on, what is its own
        double totals[store_count == 0 ? 1 : store_count];
        bool streams = false;  ///< results go past the caches
    };

    using base::merge;
    static void run(const call& c) {
        if (c.merges) return merge(c);
        state s;
        begin(c, s);
        s.streams = may_write_past_caches(c);
        rows(c, s, 0, c.rows, 0, c.columns, nullptr, 0);
        if constexpr (may_stream) {
            if (s.streams) L::streamed();
        }
        end(c, s);
    }

    static void begin(const call& c, state& s) {
        for (registers& row : s.row) base::compute_fixed(c, row);
        base::start_combined(c);
        start_totals(c, s);
    }
    static XGRAD_INLINE void start_totals(const call& c, state& s) {
        each_place(facts::total_stores, [&]<std::size_t K>() XGRAD_LAMBDA_INLINE {
            const operand& o = c.operands[body.stores[K].access];
            s.totals[K] = o.goes_on ? *static_cast<const double*>(o.data) : base::template op_of<body.stores[K].op>::start;
        });
    }
    static void end(const call& c, state& s) {
        each_place(facts::total_stores, [&]<std::size_t K>() XGRAD_LAMBDA_INLINE { *static_cast<double*>(c.operands[body.stores[K].access].data) = s.totals[K]; });
    }

    /// Rows [first, last) and columns [column, column + n); `tile` holds a contraction's results for them.
    static void rows(const call& c, state& s, std::ptrdiff_t first, std::ptrdiff_t last, std::ptrdiff_t column, std::ptrdiff_t n, const T* tile,
                     std::ptrdiff_t tile_stride) {
        if constexpr (most_rows > 1) {
            if (n <= paired_columns && last - first > 1) return pairs(c, s, first, last, column, n, tile, tile_stride);
        }
        context x = context_of<0>(c, s, column, n);
        base::locate(c, first, column, x.data);
        for (std::ptrdiff_t r = first; r < last; ++r) {
            x.tile = tile ? tile + (r - first) * tile_stride : nullptr;
            lend(x);
            if constexpr (fetches) find_ahead(x, r + 1 < last ? 1 : 0);
            passes(x, std::make_index_sequence<static_cast<std::size_t>(body.phases)>{});
            row_step<body.phases>(x);
            row_stores(x);
            if (r + 1 < last) base::advance(c, r, column, x.data);
        }
    }

protected:
    struct context {
        const call& c;
        state& s;
        registers& row;
        number* data[access_count == 0 ? 1 : access_count];
        const number* ahead[access_count == 0 ? 1 : access_count];  ///< the row to fetch meanwhile
        const T* tile;
        number* kept;
        number* lent;  ///< the first place of what is kept
        std::ptrdiff_t column, n, kept_stride;
    };
    template <std::size_t K>
    static XGRAD_INLINE context context_of(const call& c, state& s, std::ptrdiff_t column, std::ptrdiff_t n) {
        const std::ptrdiff_t padded = (n + width - 1) / width * width;
        number* const kept = static_cast<number*>(c.row_buffer) + static_cast<std::ptrdiff_t>(K) * body.saves * padded;
        return {c, s, s.row[K], {}, {}, nullptr, kept, kept, column, n, padded};
    }
    static XGRAD_INLINE void lend(context& x) {
        if constexpr (facts::lender < store_count) {
            if (!x.s.streams) x.lent = x.data[body.stores[facts::lender].access];
        }
    }
    static XGRAD_INLINE void find_ahead(context& x, std::ptrdiff_t rows) {
        each_place(facts::contiguous_loads, [&]<std::size_t I>() XGRAD_LAMBDA_INLINE {
            constexpr std::size_t access = body.code[I].access;
            x.ahead[access] = x.data[access] + (x.c.row_axes == 1 ? rows * x.c.operands[access].row_strides[0] : 0);
        });
    }

    template <std::size_t I>
    static XGRAD_INLINE V as_number(const registers& columns, const registers& row) {
        return base::template as_number<I>(columns, row);
    }

    // ---- once a row

    template <int Phase>
    static XGRAD_INLINE void row_step(context& x) {
        base::template in_step<Phase>(x.row, [&]<std::size_t I>(registers& step) XGRAD_LAMBDA_INLINE { row_step_at<I>(x, step); });
    }
    template <std::size_t I>
    static XGRAD_INLINE void row_step_at(context& x, registers& step) {
        constexpr instruction i = body.code[I];
        if constexpr (i.what == opcode::load) {
            if constexpr (body.scalar) {
                step.r[I].v = static_cast<double>(*static_cast<const T*>(x.c.operands[i.access].data));
            } else {
                step.r[I].v = L::broadcast(*x.data[i.access]);
            }
        } else if constexpr (i.what == opcode::tile) {
            step.r[I].v = L::broadcast(*x.tile);
        } else if constexpr (i.what == opcode::gather) {
            const auto label = static_cast<std::ptrdiff_t>(L::first(as_number<i.a>(step, step)));
            step.r[I].v = L::broadcast(x.data[i.access][(label < 0 ? 0 : label) * x.c.operands[i.access].column_stride]);
        } else {
            base::template apply<I>(step, step, step);
        }
    }
    /// (An array of one element is of T, in a body without axes too.)
    static XGRAD_INLINE T& row_element(const context& x, std::size_t access) { return *static_cast<T*>(static_cast<void*>(x.data[access])); }
    static XGRAD_INLINE void row_stores(context& x) {
        each_place(facts::row_stores, [&]<std::size_t K>() XGRAD_LAMBDA_INLINE {
            constexpr store st = body.stores[K];
            if constexpr (st.how == storing::row) {
                row_element(x, st.access) = static_cast<T>(L::first(as_number<st.from>(x.row, x.row)));
            } else if constexpr (st.how == storing::scalar) {
                double& to = *static_cast<double*>(x.c.operands[st.access].data);
                const double value = static_cast<double>(L::first(as_number<st.from>(x.row, x.row)));
                if constexpr (body.code[st.from].what == opcode::reduce) {
                    to = x.c.operands[st.access].goes_on ? op_at<st.from>::combine(to, value) : value;
                } else {
                    to = value;
                }
            } else {
                static_assert(body.code[st.from].per_row, "xgrad: a row's store needs a value of the row");
                using Op = typename base::template op_of<st.op>;
                const number value = L::first(as_number<st.from>(x.row, x.row));
                if constexpr (st.how == storing::add_row) {
                    row_element(x, st.access) = Op::combine(row_element(x, st.access), static_cast<T>(value));
                } else {
                    x.s.totals[K] = Op::combine(x.s.totals[K], static_cast<double>(value));
                }
            }
        });
    }

    // ---- passes over the columns

    template <std::size_t... Phase>
    static XGRAD_INLINE void passes(context& x, std::index_sequence<Phase...>) {
        (any_pass<static_cast<int>(Phase)>(x), ...);
    }
    template <int Phase>
    static XGRAD_INLINE void any_pass(context& x) {
        row_step<Phase>(x);
        if constexpr (may_stream && Phase + 1 == body.phases) {
            if (const std::ptrdiff_t head = x.s.streams ? columns_to_alignment(x) : -1; head >= 0) return over_columns<Phase, true>(x, head);
        }
        over_columns<Phase, false>(x, 0);
    }

    /// Rows two by two, pass by pass.
    static void pairs(const call& c, state& s, std::ptrdiff_t first, std::ptrdiff_t last, std::ptrdiff_t column, std::ptrdiff_t n, const T* tile, std::ptrdiff_t tile_stride) {
        context x[2]{context_of<0>(c, s, column, n), context_of<most_rows - 1>(c, s, column, n)};
        number* data[access_count + 1];
        base::locate(c, first, column, data);
        for (std::ptrdiff_t r = first; r < last; r += 2) {
            const span<context> together(x, static_cast<std::size_t>(std::min<std::ptrdiff_t>(2, last - r)));
            std::ptrdiff_t at = r;
            for (context& one : together) {
                if (at > first) base::advance(c, at - 1, column, data);
                std::copy(data, data + access_count, one.data);
                one.tile = tile ? tile + (at - first) * tile_stride : nullptr;
                lend(one);
                if constexpr (fetches) find_ahead(one, at + 2 < last ? 2 : 0);
                ++at;
            }
            passes_of_both(together, std::make_index_sequence<static_cast<std::size_t>(body.phases)>{});
            for (context& one : together) {
                row_step<body.phases>(one);
                row_stores(one);
            }
        }
    }
    template <std::size_t... Phase>
    static XGRAD_INLINE void passes_of_both(span<context> together, std::index_sequence<Phase...>) {
        (pass_of_both<static_cast<int>(Phase)>(together), ...);
    }
    template <int Phase>
    static XGRAD_INLINE void pass_of_both(span<context> together) {
        for (context& x : together) row_step<Phase>(x);  // each has to wait for its own sums alone
        for (context& x : together) over_columns<Phase, false>(x, 0);
    }

    enum class extent_of { whole, part, streamed };  ///< what is at hand: a vector, less than one, one whose stores are aligned

    template <std::size_t Unroll>
    struct accumulators {
        V inner[Unroll][facts::reduction_count == 0 ? 1 : facts::reduction_count];
        V outer[facts::reduction_count == 0 ? 1 : facts::reduction_count];
    };

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
    static XGRAD_INLINE void take_sums(context& x, const auto& acc) {
        each_place(facts::template reductions<Phase>, [&]<std::size_t I>() XGRAD_LAMBDA_INLINE {
            auto combine = [](auto a, auto b) XGRAD_LAMBDA_INLINE { return op_at<I>::combine(a, b); };
            if constexpr (body.scalar) {
                x.row.r[I].v = base::template as_kept<I>(acc.outer[facts::template reduction_place<I>]);
            } else {
                x.row.r[I].v = L::broadcast(L::fold(acc.outer[facts::template reduction_place<I>], combine));
            }
        });
    }

    /// None of what is written is what is read: lines that were read are in the cache anyway.
    static bool may_write_past_caches(const call& c) {
        if constexpr (may_stream) {
            return c.is_large && are_apart(c, facts::is_loaded, facts::is_stored);
        } else {
            return false;
        }
    }
    /// Columns before the first at which every store is aligned to a vector; -1 if there is none.
    static XGRAD_INLINE std::ptrdiff_t columns_to_alignment(const context& x) {
        constexpr auto bytes = static_cast<std::uintptr_t>(width) * sizeof(T);
        std::uintptr_t misaligned[store_count + 1], n = 0;
        each_place(facts::template column_stores<body.phases - 1>,
                   [&]<std::size_t K>() XGRAD_LAMBDA_INLINE { misaligned[n++] = reinterpret_cast<std::uintptr_t>(x.data[body.stores[K].access]) % bytes; });
        for (std::uintptr_t k = 0; k < n; ++k)
            if (misaligned[k] != misaligned[0] || misaligned[k] % sizeof(T) != 0) return -1;
        return std::min(x.n, static_cast<std::ptrdiff_t>((bytes - misaligned[0]) % bytes / sizeof(T)));
    }

    /// One pass over the columns; with Stream it writes past the caches, from column `head` on.
    template <int Phase, bool Stream>
    static XGRAD_INLINE void over_columns(context& x, [[maybe_unused]] std::ptrdiff_t head) {
        if constexpr (facts::template has_columns<Phase>) {
            constexpr auto lines = static_cast<std::ptrdiff_t>(unroll<Phase>);
            accumulators<unroll<Phase>> acc;
            registers row;
            base::template copy_row<Phase>(row, x.row);
            constexpr auto code = facts::template column_code<Phase>;
            start_sums<Phase>(acc);
            constexpr std::ptrdiff_t block = width * static_cast<std::ptrdiff_t>(buffer_unit);
            std::ptrdiff_t j = 0;
            if constexpr (Stream) {
                if (head > 0) columns<Phase, extent_of::part>(x, row, acc.outer, 0, head, code);
                j = head;
            }
            while (x.n - j >= width) {
                const std::ptrdiff_t stop = std::min(x.n, j + block);
                if constexpr (lines > 1) {
                    for (; stop - j >= width * lines; j += width * lines)
                        unrolled<Phase, Stream ? extent_of::streamed : extent_of::whole>(x, row, acc, j, std::make_index_sequence<unroll<Phase>>{});
                }
                for (; stop - j >= width; j += width) columns<Phase, Stream ? extent_of::streamed : extent_of::whole>(x, row, acc.inner[0], j, width, code);
                add_lines<Phase>(acc);
            }
            if (j < x.n) columns<Phase, extent_of::part>(x, row, acc.outer, j, x.n - j, code);
            write_labels<Phase>(x);
            take_sums<Phase>(x, acc);
        }
    }
    /// What a store puts at the label's column alone.
    template <int Phase>
    static XGRAD_INLINE void write_labels(context& x) {
        each_place(facts::template label_stores<Phase>, [&]<std::size_t K>() XGRAD_LAMBDA_INLINE {
            constexpr store st = body.stores[K];
            constexpr instruction chosen = body.code[st.from];
            const auto label = static_cast<std::ptrdiff_t>(L::first(as_number<body.code[chosen.a].a>(x.row, x.row))) - x.column;
            if (label >= 0 && label < x.n) x.data[st.access][label * x.c.operands[st.access].column_stride] = L::first(as_number<chosen.b>(x.row, x.row));
        });
    }
    template <int Phase, extent_of Extent, class Acc, std::size_t... U>
    static XGRAD_INLINE void unrolled(context& x, const registers& row, Acc& acc, std::ptrdiff_t j, std::index_sequence<U...>) {
        (columns<Phase, Extent>(x, row, acc.inner[U], j + static_cast<std::ptrdiff_t>(U) * width, width, facts::template column_code<Phase>), ...);
    }

    template <int Phase, extent_of Extent, std::size_t... I>
    static XGRAD_INLINE void columns(context& x, [[maybe_unused]] const registers& row, [[maybe_unused]] V* acc, std::ptrdiff_t j, std::ptrdiff_t n, std::index_sequence<I...>) {
        constexpr bool Tail = Extent == extent_of::part;
        registers r;
        if constexpr (facts::template fetches_ahead<Phase> && !Tail) fetch_ahead(x, j);
        (column_step<Phase, Tail, I>(x, row, r, acc, j, n), ...);
        each_place(facts::template column_stores<Phase>, [&]<std::size_t K>() XGRAD_LAMBDA_INLINE {
            constexpr store st = body.stores[K];
            V value = as_number<facts::stored_in_columns(st)>(r, row);
            number* to = x.data[st.access] + (st.step == stepping::strided ? j * x.c.operands[st.access].column_stride : j);
            if constexpr (st.how == storing::add_element) {
                using Op = typename base::template op_of<st.op>;
                value = Op::combine(base::template read<st.step, Tail>(to, x.c.operands[st.access].column_stride, n), value);
            }
            if constexpr (Extent == extent_of::streamed) {
                L::stream(to, value);
            } else {
                base::template write<st.step, Tail>(to, x.c.operands[st.access].column_stride, value, n);
            }
        });
    }
    static XGRAD_INLINE void fetch_ahead(const context& x, std::ptrdiff_t j) {
        each_place(facts::contiguous_loads, [&]<std::size_t I>() XGRAD_LAMBDA_INLINE {
            constexpr std::size_t access = body.code[I].access;
            L::prefetch(x.ahead[access] + j);
        });
    }
    template <int Phase, bool Tail, std::size_t I>
    static XGRAD_INLINE void column_step(context& x, [[maybe_unused]] const registers& row, registers& r, V* acc, std::ptrdiff_t j, std::ptrdiff_t n) {
        constexpr instruction i = body.code[I];
        if constexpr (i.what == opcode::reduce && i.phase == Phase) {
            V& sum = acc[facts::template reduction_place<I>];
            if constexpr (Tail && !body.scalar) {
                const V start = L::broadcast(static_cast<number>(op_at<I>::start));
                sum = op_at<I>::combine(sum, L::choose(L::iota() < L::broadcast(static_cast<number>(n)), as_number<i.a>(r, row), start));
            } else {
                sum = base::template accumulate<I>(sum, r, row);
            }
        } else if constexpr (i.what == opcode::load) {
            const number* from = x.data[i.access] + (i.step == stepping::strided ? j * x.c.operands[i.access].column_stride : j);
            r.r[I].v = base::template read<i.step, Tail>(from, x.c.operands[i.access].column_stride, n);
        } else if constexpr (i.what == opcode::tile) {
            r.r[I].v = L::load(x.tile + j);
        } else if constexpr (i.what == opcode::index) {
            r.r[I].m = L::iota() + L::broadcast(static_cast<number>(j + x.column)) == as_number<i.a>(r, row);
        } else if constexpr (i.saved && i.phase < Phase) {
            r.r[I].v = base::template read<stepping::contiguous, Tail && is_lent<I>>(kept_at<I>(x, j), 1, n);
        } else if constexpr (i.what == opcode::apply) {
            base::template apply<I>(r, r, row);
            if constexpr (i.saved && i.phase == Phase) base::template write<stepping::contiguous, Tail && is_lent<I>>(kept_at<I>(x, j), 1, as_number<I>(r, row), n);
        }
    }
    template <std::size_t I>
    static constexpr bool is_lent = facts::lender < store_count && facts::template save_place<I> == 0;
    template <std::size_t I>
    static XGRAD_INLINE number* kept_at(const context& x, std::ptrdiff_t j) {
        return is_lent<I> ? x.lent + j : x.kept + facts::template save_place<I> * x.kept_stride + j;
    }
};

}  // namespace xgrad::kernel
