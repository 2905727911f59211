// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/columns.hpp>

namespace xgrad::kernel {

/// One body over rows and columns: every elementwise loop, every row reduction, and what follows a contraction's tile.
///
/// A row is walked in passes over its columns (columns.hpp). A pass computes what its reductions and stores need; a value wanted by a later pass
/// stays in the row buffer. What is the same along a row is computed once a row, what is the same everywhere once a call. Short rows of several
/// passes go in pairs: while one waits for its reduction, the other's pass runs.
template <class T, std::uint64_t Digest>
class row_kernel : protected column_pass<T, Digest> {
protected:
    using base = column_pass<T, Digest>;
    using typename base::facts, typename base::L, typename base::V, typename base::number, typename base::registers, typename base::current_row;
    // (Of its own: g++ loses members of a dependent base in generic lambdas.)
    static constexpr const auto& body = facts::body;
    static constexpr std::size_t store_count = facts::store_count, access_count = facts::access_count;
    template <std::size_t I>
    using op_at = typename base::template op_at<I>;
    static constexpr bool may_stream = facts::may_stream && L::streams;
    static constexpr bool fetches = []<std::size_t... Phase>(std::index_sequence<Phase...>) {
        return (facts::template fetches_ahead<static_cast<int>(Phase)> || ...);
    }(std::make_index_sequence<static_cast<std::size_t>(body.phases)>{});
    /// Both rows of a pair stay in the first-level cache, with what is kept of them.
    static constexpr std::ptrdiff_t paired_columns = std::min(paired_row, first_level_cache / (2 * static_cast<std::ptrdiff_t>(sizeof(T)) * facts::rows_in_hand));
    static constexpr std::ptrdiff_t most_rows = body.phases > 1 && !body.scalar ? 2 : 1;  ///< worked on at a time

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
    struct context : current_row {
        state& s;
    };
    template <std::size_t K>
    static XGRAD_INLINE context context_of(const call& c, state& s, std::ptrdiff_t column, std::ptrdiff_t n) {
        const std::ptrdiff_t padded = (n + L::width - 1) / L::width * L::width;
        number* const kept = static_cast<number*>(c.row_buffer) + static_cast<std::ptrdiff_t>(K) * body.saves * padded;
        return {{c, s.row[K], {}, {}, nullptr, kept, kept, column, n, padded}, s};
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
    /// None of what is written is what is read: lines that were read are in the cache anyway.
    static bool may_write_past_caches(const call& c) {
        if constexpr (may_stream) {
            return c.is_large && are_apart(c, facts::is_loaded, facts::is_stored);
        } else {
            return false;
        }
    }

    // ---- the passes of a row, or of two

    template <std::size_t... Phase>
    static XGRAD_INLINE void passes(context& x, std::index_sequence<Phase...>) {
        (pass<static_cast<int>(Phase)>(x), ...);
    }
    template <int Phase>
    static XGRAD_INLINE void pass(context& x) {
        row_step<Phase>(x);
        if constexpr (may_stream && Phase + 1 == body.phases) {
            if (const std::ptrdiff_t head = x.s.streams ? base::columns_to_alignment(x) : -1; head >= 0) return base::template over_columns<Phase, true>(x, head);
        }
        base::template over_columns<Phase, false>(x, 0);
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
        for (context& x : together) base::template over_columns<Phase, false>(x, 0);
    }

    // ---- once a row: what is computed before each pass and after the last, and what is stored then

    template <int Phase>
    static XGRAD_INLINE void row_step(context& x) {
        base::template in_step<Phase>(x.row, [&]<std::size_t I>(registers& step) XGRAD_LAMBDA_INLINE { row_step_at<I>(x, step); });
    }
    template <std::size_t I>
    static XGRAD_INLINE V as_number(const registers& columns, const registers& row) {
        return base::template as_number<I>(columns, row);
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
            const number value = L::first(as_number<st.from>(x.row, x.row));
            if constexpr (st.how == storing::row) {
                row_element(x, st.access) = static_cast<T>(value);
            } else if constexpr (st.how == storing::scalar) {
                double& to = *static_cast<double*>(x.c.operands[st.access].data);
                if constexpr (body.code[st.from].what == opcode::reduce) {
                    to = x.c.operands[st.access].goes_on ? op_at<st.from>::combine(to, static_cast<double>(value)) : static_cast<double>(value);
                } else {
                    to = static_cast<double>(value);
                }
            } else {
                static_assert(body.code[st.from].per_row, "xgrad: a row's store needs a value of the row");
                using Op = typename base::template op_of<st.op>;
                if constexpr (st.how == storing::add_row) {
                    row_element(x, st.access) = Op::combine(row_element(x, st.access), static_cast<T>(value));
                } else {
                    x.s.totals[K] = Op::combine(x.s.totals[K], static_cast<double>(value));
                }
            }
        });
    }
};

}  // namespace xgrad::kernel
