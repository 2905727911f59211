// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/row_blocks.hpp>

namespace xgrad::kernel {

/// One body over rows of few columns: the lanes are neighbouring rows (row_blocks.hpp). A reduction over the columns is a plain combination of
/// vectors, and what is done once a row is done once for as many rows as there are lanes.
template <class T, std::uint64_t Digest>
class short_row_kernel : row_blocks<T, Digest> {
    using base = row_blocks<T, Digest>;
    using typename base::facts, typename base::L, typename base::V, typename base::registers, typename base::shared_by_blocks, typename base::block;
    // (Of its own: g++ loses members of a dependent base in generic lambdas.)
    static constexpr const auto& body = facts::body;
    static constexpr std::ptrdiff_t width = L::width;
    static constexpr std::ptrdiff_t paired_columns = 16;
    static constexpr std::size_t most_folds = width / 4;  ///< of lanes that share a sum; shorter runs are added lane by lane
    template <std::size_t I>
    using op_at = typename base::template op_at<I>;
    template <std::uint64_t Op>
    using op_of = typename base::template op_of<Op>;

public:
    /// Two blocks at a time where both fit the first-level cache: while one waits for what is done once a row, the other goes on.
    static void run(const call& c) {
        if (c.merges) return base::merge(c);
        shared_by_blocks shared;
        block blocks[2]{{c, shared}, {c, shared}};
        const std::ptrdiff_t most = c.columns <= paired_columns && c.rows > width ? 2 : 1;
        base::begin(c, shared, span<block>(blocks, static_cast<std::size_t>(most)));
        for (std::ptrdiff_t first = 0; first < c.rows; first += most * width) {
            const span<block> together(blocks, static_cast<std::size_t>(std::min(most, (c.rows - first + width - 1) / width)));
            std::ptrdiff_t at = first;
            for (block& b : together) {
                base::place(b, at);
                base::turn_in(b);
                b.begun = true;
                at += width;
            }
            passes(together, std::make_index_sequence<static_cast<std::size_t>(body.phases)>{});
            for (block& b : together) {
                row_step<body.phases>(b);
                store_rows(b);
                base::turn_out(b);
            }
        }
        finish(blocks[0]);
    }

private:
    // ---- once a row

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
            step.r[I].v = base::gathered(b, i.access);
        } else if constexpr (i.what == opcode::gather) {
            const V label = as_number<i.a>(step, step), first = L::broadcast(T{0});
            if constexpr (base::reads_elements[i.access]) {
                step.r[I].v = L::pick(b.turned[i.access], b.c.columns, L::choose(label > first, label, first));
            } else if (base::is_the_same_in_all(b, i.access)) {
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
                    if (T* const to = b.begin[st.access]; base::is_contiguous(b, st.access)) {
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
                if (!base::is_the_same_in_all(b, st.access)) return;
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
        if (base::is_the_same_in_all(b, st.access)) {
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
