// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/registers.hpp>

namespace xgrad::kernel {

/// One body over rows and columns: every elementwise loop, every row reduction, and what follows a contraction's tile.
///
/// A row is walked in passes. A pass computes what its reductions and stores need, in vectors of columns; a value wanted by
/// a later pass stays in the row buffer. What is the same along a row is computed once a row, what is the same everywhere
/// once a call.
template <class T, std::uint64_t Digest>
class row_kernel : body_registers<T, Digest, std::conditional_t<body_facts<Digest>::body.scalar, scalar_lanes, lanes<T>>> {
    using base = body_registers<T, Digest, std::conditional_t<body_facts<Digest>::body.scalar, scalar_lanes, lanes<T>>>;
    using typename base::facts, typename base::L, typename base::V, typename base::M, typename base::number, typename base::registers;
    using base::each_store;
    // (Of its own: g++ loses members of a dependent base in generic lambdas.)
    static constexpr const auto& body = facts::body;
    static constexpr std::size_t store_count = facts::store_count, access_count = facts::access_count;
    static constexpr std::ptrdiff_t width = L::width;
    static constexpr auto all = facts::all;
    template <std::size_t I>
    using op_at = typename base::template op_at<I>;
    static constexpr std::size_t buffer_unit = 64;  ///< vectors in a partial sum

public:
    /// What lives from the first row of a call to the last.
    struct state {
        registers fixed;  ///< and, while a row is worked on, what is its own
        double totals[store_count == 0 ? 1 : store_count];
    };

    using base::merge;
    static void run(const call& c) {
        if (c.merges) return merge(c);
        state s;
        begin(c, s);
        rows(c, s, 0, c.rows, 0, c.columns, nullptr, 0);
        end(c, s);
    }

    static void begin(const call& c, state& s) {
        base::compute_fixed(c, s.fixed);
        base::start_combined(c);
        each_store([&]<std::size_t K>() XGRAD_LAMBDA_INLINE {
            if constexpr (body.stores[K].how == storing::total)
                s.totals[K] = c.operands[body.stores[K].access].goes_on ? *static_cast<const double*>(c.operands[body.stores[K].access].data) : base::template op_of<body.stores[K].op>::start;
        });
    }
    static void end(const call& c, state& s) {
        each_store([&]<std::size_t K>() XGRAD_LAMBDA_INLINE {
            if constexpr (body.stores[K].how == storing::total) *static_cast<double*>(c.operands[body.stores[K].access].data) = s.totals[K];
        });
    }

    /// Rows [first, last) and columns [column, column + n); `tile` holds a contraction's results for them.
    static void rows(const call& c, state& s, std::ptrdiff_t first, std::ptrdiff_t last, std::ptrdiff_t column, std::ptrdiff_t n, const T* tile,
                     std::ptrdiff_t tile_stride) {
        registers& row = s.fixed;  // values of the row have places of their own
        number* data[access_count == 0 ? 1 : access_count];
        base::locate(c, first, column, data);
        for (std::ptrdiff_t r = first; r < last; ++r) {
            context x{c, s, row, data, tile ? tile + (r - first) * tile_stride : nullptr, static_cast<number*>(c.row_buffer), column, n,
                      (n + width - 1) / width * width};
            passes(x, std::make_index_sequence<static_cast<std::size_t>(body.phases)>{});
            row_step<body.phases>(x, all);
            row_stores(x);
            if (r + 1 < last) base::advance(c, r, column, data);
        }
    }

private:
    struct context {
        const call& c;
        state& s;
        registers& row;
        number* const* data;
        const T* tile;
        number* kept;
        std::ptrdiff_t column, n, kept_stride;
    };

    template <std::size_t I>
    static XGRAD_INLINE V as_number(const registers& columns, const registers& row) {
        return base::template as_number<I>(columns, row);
    }

    // ---- once a row

    template <int Phase, std::size_t... I>
    static XGRAD_INLINE void row_step(context& x, std::index_sequence<I...>) {
        (row_step_at<Phase, I>(x), ...);
    }
    template <int Phase, std::size_t I>
    static XGRAD_INLINE void row_step_at(context& x) {
        constexpr instruction i = body.code[I];
        if constexpr (i.per_row && i.phase == Phase && !facts::fixed_registers[I]) {
            if constexpr (i.what == opcode::load) {
                if constexpr (body.scalar) {
                    x.row.r[I].v = static_cast<double>(*static_cast<const T*>(x.c.operands[i.access].data));
                } else {
                    x.row.r[I].v = L::broadcast(*x.data[i.access]);
                }
            } else if constexpr (i.what == opcode::gather) {
                const auto label = static_cast<std::ptrdiff_t>(L::first(as_number<i.a>(x.row, x.row)));
                x.row.r[I].v = L::broadcast(x.data[i.access][(label < 0 ? 0 : label) * x.c.operands[i.access].column_stride]);
            } else if constexpr (i.what == opcode::apply) {
                base::template apply<I>(x.row, x.row, x.row);
            }
        }
    }
    static XGRAD_INLINE void row_stores(context& x) {
        each_store([&]<std::size_t K>() XGRAD_LAMBDA_INLINE {
            constexpr store st = body.stores[K];
            if constexpr (st.how == storing::row) {
                *x.data[st.access] = L::first(as_number<st.from>(x.row, x.row));
            } else if constexpr (st.how == storing::scalar) {
                double& to = *static_cast<double*>(x.c.operands[st.access].data);
                const double value = static_cast<double>(L::first(as_number<st.from>(x.row, x.row)));
                if constexpr (body.code[st.from].what == opcode::reduce) {
                    to = x.c.operands[st.access].goes_on ? op_at<st.from>::combine(to, value) : value;
                } else {
                    to = value;
                }
            } else if constexpr (st.how == storing::add_row || st.how == storing::total) {
                using Op = typename base::template op_of<st.op>;
                const number value = L::first(row_value<st.from>(x));
                if constexpr (st.how == storing::add_row) {
                    *x.data[st.access] = Op::combine(*x.data[st.access], value);
                } else {
                    x.s.totals[K] = Op::combine(x.s.totals[K], static_cast<double>(value));
                }
            }
        });
    }
    template <std::size_t I>
    static XGRAD_INLINE V row_value(context& x) {
        static_assert(body.code[I].per_row, "xgrad: a row's store needs a value of the row");
        return as_number<I>(x.row, x.row);
    }

    // ---- passes over the columns

    template <std::size_t... Phase>
    static XGRAD_INLINE void passes(context& x, std::index_sequence<Phase...>) {
        (pass<static_cast<int>(Phase)>(x), ...);
    }

    template <std::size_t Unroll>
    struct accumulators {
        V inner[Unroll][facts::reduction_count == 0 ? 1 : facts::reduction_count];
        V outer[facts::reduction_count == 0 ? 1 : facts::reduction_count];
    };

    template <int Phase>
    static XGRAD_INLINE void pass(context& x) {
        row_step<Phase>(x, all);
        if constexpr (facts::template has_columns<Phase>) {
            constexpr std::size_t unroll = body.scalar ? 1 : facts::template is_heavy<Phase> ? 1 : 4;
            accumulators<unroll> acc;
            base::template each_reduction<Phase>([&]<std::size_t I>() XGRAD_LAMBDA_INLINE {
                const V start = L::broadcast(static_cast<number>(op_at<I>::start));
                acc.outer[facts::template reduction_place<I>] = start;
                for (std::size_t u = 0; u < unroll; ++u) acc.inner[u][facts::template reduction_place<I>] = start;
            });
            constexpr std::ptrdiff_t block = width * static_cast<std::ptrdiff_t>(buffer_unit);
            std::ptrdiff_t j = 0;
            while (x.n - j >= width) {
                const std::ptrdiff_t stop = std::min(x.n, j + block);
                if constexpr (unroll > 1) {
                    for (; stop - j >= width * static_cast<std::ptrdiff_t>(unroll); j += width * static_cast<std::ptrdiff_t>(unroll))
                        unrolled<Phase>(x, acc, j, std::make_index_sequence<unroll>{});
                }
                for (; stop - j >= width; j += width) columns<Phase, false>(x, acc.inner[0], j, width, all);
                base::template each_reduction<Phase>([&]<std::size_t I>() XGRAD_LAMBDA_INLINE {
                    const V start = L::broadcast(static_cast<number>(op_at<I>::start));
                    V sum = acc.inner[0][facts::template reduction_place<I>];
                    acc.inner[0][facts::template reduction_place<I>] = start;
                    for (std::size_t u = 1; u < unroll; ++u) {
                        sum = op_at<I>::combine(sum, acc.inner[u][facts::template reduction_place<I>]);
                        acc.inner[u][facts::template reduction_place<I>] = start;
                    }
                    acc.outer[facts::template reduction_place<I>] = op_at<I>::combine(acc.outer[facts::template reduction_place<I>], sum);
                });
            }
            if (j < x.n) columns<Phase, true>(x, acc.outer, j, x.n - j, all);
            write_labels<Phase>(x);
            base::template each_reduction<Phase>([&]<std::size_t I>() XGRAD_LAMBDA_INLINE {
                auto combine = [](auto a, auto b) XGRAD_LAMBDA_INLINE { return op_at<I>::combine(a, b); };
                if constexpr (body.scalar) {
                    x.row.r[I].v = acc.outer[facts::template reduction_place<I>];
                } else {
                    x.row.r[I].v = L::broadcast(L::fold(acc.outer[facts::template reduction_place<I>], combine));
                }
            });
        }
    }
    /// What a store puts at the label's column alone.
    template <int Phase>
    static XGRAD_INLINE void write_labels(context& x) {
        each_store([&]<std::size_t K>() XGRAD_LAMBDA_INLINE {
            constexpr store st = body.stores[K];
            if constexpr (facts::is_in_columns(st, Phase) && facts::puts_at_label(st)) {
                constexpr instruction chosen = body.code[st.from];
                const auto label = static_cast<std::ptrdiff_t>(L::first(as_number<body.code[chosen.a].a>(x.row, x.row))) - x.column;
                if (label >= 0 && label < x.n) x.data[st.access][label * x.c.operands[st.access].column_stride] = L::first(as_number<chosen.b>(x.row, x.row));
            }
        });
    }
    template <int Phase, class Acc, std::size_t... U>
    static XGRAD_INLINE void unrolled(context& x, Acc& acc, std::ptrdiff_t j, std::index_sequence<U...>) {
        (columns<Phase, false>(x, acc.inner[U], j + static_cast<std::ptrdiff_t>(U) * width, width, all), ...);
    }

    template <int Phase, bool Tail, std::size_t... I>
    static XGRAD_INLINE void columns(context& x, V* acc, std::ptrdiff_t j, std::ptrdiff_t n, std::index_sequence<I...>) {
        registers r;
        (column_step<Phase, Tail, I>(x, r, acc, j, n), ...);
        each_store([&]<std::size_t K>() XGRAD_LAMBDA_INLINE {
            constexpr store st = body.stores[K];
            if constexpr (facts::is_in_columns(st, Phase)) {
                V value = as_number<facts::stored_in_columns(st)>(r, x.row);
                number* to = x.data[st.access] + (st.step == stepping::strided ? j * x.c.operands[st.access].column_stride : j);
                if constexpr (st.how == storing::add_element) {
                    using Op = typename base::template op_of<st.op>;
                    value = Op::combine(read<st.step, Tail>(to, x.c.operands[st.access].column_stride, n), value);
                }
                write<st.step, Tail>(to, x.c.operands[st.access].column_stride, value, n);
            }
        });
    }
    template <int Phase, bool Tail, std::size_t I>
    static XGRAD_INLINE void column_step(context& x, registers& r, V* acc, std::ptrdiff_t j, std::ptrdiff_t n) {
        constexpr instruction i = body.code[I];
        if constexpr (i.what == opcode::reduce && i.phase == Phase) {
            V value = as_number<i.a>(r, x.row);
            if constexpr (Tail && !body.scalar) {
                const V start = L::broadcast(static_cast<number>(op_at<I>::start));
                value = L::choose(L::iota() < L::broadcast(static_cast<number>(n)), value, start);
            }
            acc[facts::template reduction_place<I>] = op_at<I>::combine(acc[facts::template reduction_place<I>], value);
        } else if constexpr (facts::template needed<Phase>[I]) {
            if constexpr (i.what == opcode::load) {
                const number* from = x.data[i.access] + (i.step == stepping::strided ? j * x.c.operands[i.access].column_stride : j);
                r.r[I].v = read<i.step, Tail>(from, x.c.operands[i.access].column_stride, n);
            } else if constexpr (i.what == opcode::tile) {
                r.r[I].v = L::load(x.tile + j);
            } else if constexpr (i.what == opcode::index) {
                r.r[I].m = L::iota() + L::broadcast(static_cast<number>(j + x.column)) == as_number<i.a>(r, x.row);
            } else if constexpr (i.saved && i.phase < Phase) {
                r.r[I].v = L::load(x.kept + facts::template save_place<I> * x.kept_stride + j);
            } else if constexpr (i.what == opcode::apply) {
                base::template apply<I>(r, r, x.row);
                if constexpr (i.saved && i.phase == Phase) L::store(x.kept + facts::template save_place<I> * x.kept_stride + j, as_number<I>(r, x.row));
            }
        }
    }
    template <stepping Step, bool Tail>
    static XGRAD_INLINE V read(const number* p, std::ptrdiff_t stride, std::ptrdiff_t n) {
        if constexpr (body.scalar) {
            return *p;
        } else if constexpr (Step == stepping::strided) {
            return L::load_strided(p, stride, n);
        } else if constexpr (Tail) {
            return L::load_first(p, n);
        } else {
            return L::load(p);
        }
    }
    template <stepping Step, bool Tail>
    static XGRAD_INLINE void write(number* p, std::ptrdiff_t stride, V v, std::ptrdiff_t n) {
        if constexpr (body.scalar) {
            *p = v;
        } else if constexpr (Step == stepping::strided) {
            L::store_strided(p, stride, v, n);
        } else if constexpr (Tail) {
            L::store_first(p, v, n);
        } else {
            L::store(p, v);
        }
    }
};

}  // namespace xgrad::kernel
