// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/body_facts.hpp>
#include <xgrad/kernel/call.hpp>
#include <xgrad/kernel/lanes.hpp>
#include <xgrad/kernel/math/functions.hpp>

#include <algorithm>

namespace xgrad::kernel {

/// The registers of one body, and its ops applied to them: what the kernels for long rows and for short rows share.
/// L says what the lanes are.
template <class T, std::uint64_t Digest, class Lanes>
struct body_registers {
    using facts = body_facts<Digest>;
    static constexpr const auto& body = facts::body;
    static constexpr std::size_t count = facts::count, store_count = facts::store_count, access_count = facts::access_count;
    using L = Lanes;
    using V = typename L::vector;
    using M = typename L::mask;
    using number = std::conditional_t<body.scalar, double, T>;
    static constexpr std::ptrdiff_t width = L::width;
    static constexpr auto all = facts::all;
    template <std::size_t I>
    using op_at = typename facts::template op_at<I>;
    template <std::uint64_t Op>
    using op_of = typename decltype(type_of(op_key<Op>{}))::type;

    /// A register is a vector of numbers or a mask; the half that is not used vanishes.
    struct slot {
        V v;
        M m;
    };
    struct registers {
        slot r[count == 0 ? 1 : count];
    };

    template <std::size_t I>
    static XGRAD_INLINE const slot& at(const registers& columns, const registers& row) {
        if constexpr (body.code[I].per_row) {
            return row.r[I];
        } else {
            return columns.r[I];
        }
    }
    template <std::size_t I>
    static XGRAD_INLINE V as_number(const registers& columns, const registers& row) {
        const slot& s = at<I>(columns, row);
        if constexpr (facts::template is_mask<I>) {
            return L::choose(s.m, L::broadcast(number{1}), L::broadcast(number{0}));
        } else {
            return s.v;
        }
    }
    template <std::size_t I>
    static XGRAD_INLINE M as_mask(const registers& columns, const registers& row) {
        const slot& s = at<I>(columns, row);
        if constexpr (facts::template is_mask<I>) {
            return s.m;
        } else {
            return !(s.v == L::broadcast(number{0}));
        }
    }
    template <std::size_t I, std::size_t Operand>
    static XGRAD_INLINE auto argument(const registers& columns, const registers& row) {
        constexpr instruction i = body.code[I];
        constexpr std::size_t from = Operand == 0 ? i.a : Operand == 1 ? i.b : i.c;
        if constexpr (op_at<I>::boolean_operands >> Operand & 1u) {
            return as_mask<from>(columns, row);
        } else {
            return as_number<from>(columns, row);
        }
    }
    template <std::size_t I>
    static XGRAD_INLINE auto call_op(const registers& columns, const registers& row) {
        return [&]<std::size_t... K>(std::index_sequence<K...>) XGRAD_LAMBDA_INLINE {
            return op_at<I>::value(argument<I, K>(columns, row)...);
        }(std::make_index_sequence<static_cast<std::size_t>(op_at<I>::arity)>{});
    }
    template <std::size_t I>
    static XGRAD_INLINE void apply(registers& to, const registers& columns, const registers& row) {
        if constexpr (facts::template is_mask<I>) {
            to.r[I].m = call_op<I>(columns, row);
        } else {
            to.r[I].v = call_op<I>(columns, row);
        }
    }

    /// Reduction I goes on over a column. What it combines may be a choice between a value and where it starts from: then
    /// that value is combined where it is chosen.
    template <std::size_t I>
    static XGRAD_INLINE V accumulate(V sum, const registers& columns, const registers& row) {
        constexpr instruction from = body.code[body.code[I].a];
        constexpr bool is_choice = L::adds_under_mask && from.what == opcode::apply && !from.per_row && from.phase == body.code[I].phase && from.op == type_digest<select_op>();
        constexpr bool nothing_if_true = is_choice && starts_with<I>(from.b), nothing_if_false = is_choice && starts_with<I>(from.c);
        if constexpr (nothing_if_true) {
            return L::choose(as_mask<from.a>(columns, row), sum, op_at<I>::combine(sum, as_number<from.c>(columns, row)));
        } else if constexpr (nothing_if_false) {
            return L::choose(as_mask<from.a>(columns, row), op_at<I>::combine(sum, as_number<from.b>(columns, row)), sum);
        } else {
            return op_at<I>::combine(sum, as_number<body.code[I].a>(columns, row));
        }
    }

    /// One step of a row: `compute<I>(step)` for each of its instructions. What only the step reads never goes to memory.
    template <int Phase, class F>
    static XGRAD_INLINE void in_step(registers& row, F compute) {
        registers step;
        [&]<std::size_t... I>(std::index_sequence<I...>) XGRAD_LAMBDA_INLINE {
            (copy<I, body.code[I].per_row && !facts::is_of_step(I, Phase)>(step, row), ...);
            (compute_in_step<Phase, I>(step, compute), ...);
            (copy<I, facts::is_of_step(I, Phase) && facts::outlives_step[I]>(row, step), ...);
        }(all);
    }

    /// What a pass over the columns reads of its row, in variables of the pass: a store through a pointer could change others.
    static XGRAD_INLINE void copy_row(registers& to, const registers& row) {
        [&]<std::size_t... I>(std::index_sequence<I...>) XGRAD_LAMBDA_INLINE { (copy<I, body.code[I].per_row>(to, row), ...); }(all);
    }

    template <class F>
    static XGRAD_INLINE void each_store(F f) {
        [&]<std::size_t... K>(std::index_sequence<K...>) XGRAD_LAMBDA_INLINE { (f.template operator()<K>(), ...); }(std::make_index_sequence<store_count>{});
    }
    template <int Phase, class F>
    static XGRAD_INLINE void each_reduction(F f) {
        [&]<std::size_t... I>(std::index_sequence<I...>) XGRAD_LAMBDA_INLINE { (each_reduction_at<Phase, I>(f), ...); }(all);
    }

    /// Registers that are the same all through a call.
    static void compute_fixed(const call& c, registers& fixed) {
        [&]<std::size_t... I>(std::index_sequence<I...>) XGRAD_LAMBDA_INLINE { (fixed_step<I>(c, fixed), ...); }(all);
    }
    /// Memory that rows are combined into, before the first row.
    static void start_combined(const call& c) {
        each_store([&]<std::size_t K>() XGRAD_LAMBDA_INLINE {
            constexpr store st = body.stores[K];
            if constexpr (facts::combines(st) && st.how != storing::total) {
                if (c.operands[st.access].goes_on) return;
                T* data = static_cast<T*>(c.operands[st.access].data);
                std::fill(data, data + c.operands[st.access].elements, static_cast<T>(op_of<st.op>::start));
            }
        });
    }

    /// Sums of the parts of a call, put together in the order of the parts.
    static void merge(const call& c) {
        each_store([&]<std::size_t K>() XGRAD_LAMBDA_INLINE {
            constexpr store st = body.stores[K];
            if constexpr (facts::combines(st)) {
                using sum = std::conditional_t<st.how == storing::total, double, T>;
                merge_one<op_of<st.op>, sum>(c, c.operands[st.access]);
            } else if constexpr (st.how == storing::scalar && body.code[st.from].what == opcode::reduce) {
                merge_one<op_at<st.from>, double>(c, c.operands[st.access]);
            }
        });
    }

    /// The address of each operand at one row.
    static XGRAD_INLINE void locate(const call& c, std::ptrdiff_t r, std::ptrdiff_t column, number** data) {
        std::ptrdiff_t index[max_rank] = {r};
        for (int axis = c.row_axes - 1; axis > 0; --axis) {
            index[axis] = index[0] % c.row_extents[static_cast<std::size_t>(axis)];
            index[0] /= c.row_extents[static_cast<std::size_t>(axis)];
        }
        each_row_access([&]<std::size_t A>() XGRAD_LAMBDA_INLINE {
            std::ptrdiff_t offset = column * c.operands[A].column_stride + index[0] * c.operands[A].row_strides[0];
            for (int axis = 1; axis < c.row_axes; ++axis) offset += index[axis] * c.operands[A].row_strides[static_cast<std::size_t>(axis)];
            data[A] = static_cast<number*>(c.operands[A].data) + offset;
        });
    }
    /// From row r to the next.
    static XGRAD_INLINE void advance(const call& c, std::ptrdiff_t r, std::ptrdiff_t column, number** data) {
        if (c.row_axes > 1) return locate(c, r + 1, column, data);
        each_row_access([&]<std::size_t A>() XGRAD_LAMBDA_INLINE { data[A] += c.operands[A].row_strides[0]; });
    }

private:
    template <class Op, class Sum>
    static XGRAD_NOINLINE void merge_one(const call& c, const operand& o) {
        if (!o.partials) return;
        Sum* to = static_cast<Sum*>(o.data);
        for (int part = 0; part < c.merges; ++part) {
            const Sum* from = reinterpret_cast<const Sum*>(static_cast<const std::byte*>(o.partials) + part * o.partial_bytes);
            if (part == 0 && !o.goes_on) {
                std::copy(from, from + o.elements, to);
            } else {
                for (std::ptrdiff_t i = 0; i < o.elements; ++i) to[i] = Op::combine(to[i], from[i]);
            }
        }
    }
    template <std::size_t I, bool If>
    static XGRAD_INLINE void copy(registers& to, const registers& from) {
        if constexpr (If && facts::template is_mask<I>) {
            to.r[I].m = from.r[I].m;
        } else if constexpr (If) {
            to.r[I].v = from.r[I].v;
        }
    }
    template <int Phase, std::size_t I, class F>
    static XGRAD_INLINE void compute_in_step(registers& step, F& compute) {
        if constexpr (facts::is_of_step(I, Phase)) compute.template operator()<I>(step);
    }
    /// Is register k the number that reduction I starts from?
    template <std::size_t I>
    static constexpr bool starts_with(std::size_t k) {
        return body.code[k].what == opcode::constant && body.code[k].number == static_cast<double>(op_at<I>::start);
    }
    template <class F>
    static XGRAD_INLINE void each_row_access(F f) {
        [&]<std::size_t... A>(std::index_sequence<A...>) XGRAD_LAMBDA_INLINE { (row_access<A>(f), ...); }(std::make_index_sequence<access_count>{});
    }
    template <std::size_t A, class F>
    static XGRAD_INLINE void row_access(F& f) {
        if constexpr (facts::has_rows[A]) f.template operator()<A>();
    }
    template <int Phase, std::size_t I, class F>
    static XGRAD_INLINE void each_reduction_at(F& f) {
        if constexpr (body.code[I].what == opcode::reduce && body.code[I].phase == Phase) f.template operator()<I>();
    }
    template <std::size_t I>
    static XGRAD_INLINE void fixed_step(const call& c, registers& fixed) {
        constexpr instruction i = body.code[I];
        if constexpr (i.what == opcode::constant) {
            fixed.r[I].v = L::broadcast(static_cast<number>(i.number));
        } else if constexpr (i.what == opcode::scalar) {
            fixed.r[I].v = L::broadcast(static_cast<number>(*static_cast<const double*>(c.operands[i.access].data)));
        } else if constexpr (facts::fixed_registers[I]) {
            apply<I>(fixed, fixed, fixed);
        }
    }
};

}  // namespace xgrad::kernel
