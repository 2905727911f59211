// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/body_facts.hpp>
#include <xgrad/kernel/call.hpp>
#include <xgrad/kernel/lanes.hpp>
#include <xgrad/kernel/math/functions.hpp>

#include <algorithm>
#include <bit>

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
    static XGRAD_INLINE V as_number(const registers& columns, const registers& row) {
        const slot& s = (body.code[I].per_row ? row : columns).r[I];
        if constexpr (facts::template is_mask<I>) {
            return L::keep(s.m, L::broadcast(number{1}));
        } else {
            return s.v;
        }
    }
    template <std::size_t I>
    static XGRAD_INLINE M as_mask(const registers& columns, const registers& row) {
        const slot& s = (body.code[I].per_row ? row : columns).r[I];
        if constexpr (facts::template is_mask<I>) {
            return s.m;
        } else {
            return !(s.v == L::broadcast(number{0}));
        }
    }
    template <std::size_t I>
    static XGRAD_INLINE void apply(registers& to, const registers& columns, const registers& row) {
        if constexpr (facts::template is_mask<I>) {
            to.r[I].m = call_op<I>(columns, row, std::make_index_sequence<static_cast<std::size_t>(op_at<I>::arity)>{});
        } else {
            to.r[I].v = as_kept<I>(call_op<I>(columns, row, std::make_index_sequence<static_cast<std::size_t>(op_at<I>::arity)>{}));
        }
    }
    /// A body without axes computes in double. What it keeps in an array is rounded first, so that all who read it, here or in other
    /// kernels, read the same number: where a value is compared with itself, as with the largest of one, a rounding is no difference.
    template <std::size_t I>
    static XGRAD_INLINE V as_kept(V v) {
        if constexpr (facts::is_of_array[I]) {
            return static_cast<V>(static_cast<T>(v));
        } else {
            return v;
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
        if constexpr (facts::template step_code<Phase>.size() > 0) {
            registers step;
            copy(step, row, facts::template read_by_step<Phase>);
            each_place(facts::template step_code<Phase>, [&]<std::size_t I>() XGRAD_LAMBDA_INLINE { compute.template operator()<I>(step); });
            copy(row, step, facts::template left_by_step<Phase>);
        }
    }

    /// What a pass over the columns reads of its row, in variables of the pass: a store through a pointer could change others.
    template <int Phase>
    static XGRAD_INLINE void copy_row(registers& to, const registers& row) {
        copy(to, row, facts::template read_by_columns<Phase>);
    }

    /// A vector of columns of an operand, or with Tail the n that are left.
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

    /// Registers that are the same all through a call.
    static void compute_fixed(const call& c, registers& fixed) {
        each_place(facts::fixed_code, [&]<std::size_t I>() XGRAD_LAMBDA_INLINE {
            constexpr instruction i = body.code[I];
            if constexpr (i.what == opcode::constant) {
                fixed.r[I].v = L::broadcast(static_cast<number>(i.number));
            } else if constexpr (i.what == opcode::scalar) {
                fixed.r[I].v = L::broadcast(static_cast<number>(*static_cast<const double*>(c.operands[i.access].data)));
            } else {
                apply<I>(fixed, fixed, fixed);
            }
        });
    }
    /// Memory that rows are combined into, before the first row.
    static void start_combined(const call& c) {
        each_place(facts::combined_stores, [&]<std::size_t K>() XGRAD_LAMBDA_INLINE {
            constexpr store st = body.stores[K];
            if constexpr (st.how != storing::total) {
                if (c.operands[st.access].goes_on) return;
                T* data = static_cast<T*>(c.operands[st.access].data);
                std::fill(data, data + c.operands[st.access].elements, static_cast<T>(op_of<st.op>::start));
            }
        });
    }

    /// Sums of the parts of a call, put together in the order of the parts.
    static void merge(const call& c) {
        each_place(facts::combined_stores, [&]<std::size_t K>() XGRAD_LAMBDA_INLINE {
            constexpr store st = body.stores[K];
            merge_one<op_of<st.op>, std::conditional_t<st.how == storing::total, double, T>>(c, c.operands[st.access]);
        });
        each_place(facts::scalar_sums, [&]<std::size_t K>() XGRAD_LAMBDA_INLINE { merge_one<op_at<body.stores[K].from>, double>(c, c.operands[body.stores[K].access]); });
    }

    /// A row's place along each axis.
    static XGRAD_INLINE void place_of(const call& c, std::ptrdiff_t r, std::ptrdiff_t* index) {
        index[0] = r;
        for (int axis = c.row_axes - 1; axis > 0; --axis) {
            index[axis] = index[0] % c.row_extents[static_cast<std::size_t>(axis)];
            index[0] /= c.row_extents[static_cast<std::size_t>(axis)];
        }
    }
    /// How far from an operand's begin the row at that place is.
    static XGRAD_INLINE std::ptrdiff_t offset_of(const call& c, std::size_t access, const std::ptrdiff_t* index) {
        std::ptrdiff_t offset = index[0] * c.operands[access].row_strides[0];
        for (int axis = 1; axis < c.row_axes; ++axis) offset += index[axis] * c.operands[access].row_strides[static_cast<std::size_t>(axis)];
        return offset;
    }
    /// The address of each operand at one row.
    static XGRAD_INLINE void locate(const call& c, std::ptrdiff_t r, std::ptrdiff_t column, number** data) {
        std::ptrdiff_t index[max_rank];
        place_of(c, r, index);
        each_place(facts::row_accesses, [&]<std::size_t A>() XGRAD_LAMBDA_INLINE {
            data[A] = static_cast<number*>(c.operands[A].data) + column * c.operands[A].column_stride + offset_of(c, A, index);
        });
    }
    /// From row r to the next.
    static XGRAD_INLINE void advance(const call& c, std::ptrdiff_t r, std::ptrdiff_t column, number** data) {
        if (c.row_axes > 1) return locate(c, r + 1, column, data);
        each_place(facts::row_accesses, [&]<std::size_t A>() XGRAD_LAMBDA_INLINE { data[A] += c.operands[A].row_strides[0]; });
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
    template <std::size_t... I>
    static XGRAD_INLINE void copy(registers& to, const registers& from, std::index_sequence<I...>) {
        (copy_one<I>(to, from), ...);
    }
    template <std::size_t I>
    static XGRAD_INLINE void copy_one(registers& to, const registers& from) {
        if constexpr (facts::template is_mask<I>) {
            to.r[I].m = from.r[I].m;
        } else {
            to.r[I].v = from.r[I].v;
        }
    }
    template <std::size_t I, std::size_t... K>
    static XGRAD_INLINE auto call_op(const registers& columns, const registers& row, std::index_sequence<K...>) {
        constexpr std::size_t from[] = {body.code[I].a, body.code[I].b, body.code[I].c};
        constexpr bool is_choice = body.code[I].op == type_digest<select_op>();
        if constexpr (is_choice && is_zero(from[2])) {
            return L::keep(as_mask<from[0]>(columns, row), as_number<from[1]>(columns, row));
        } else if constexpr (is_choice && is_zero(from[1])) {
            return L::drop(as_mask<from[0]>(columns, row), as_number<from[2]>(columns, row));
        } else {
            return op_at<I>::value(argument<from[K], (op_at<I>::boolean_operands >> K & 1u) != 0>(columns, row)...);
        }
    }
    template <std::size_t From, bool Boolean>
    static XGRAD_INLINE auto argument(const registers& columns, const registers& row) {
        if constexpr (Boolean) {
            return as_mask<From>(columns, row);
        } else {
            return as_number<From>(columns, row);
        }
    }
    static constexpr bool is_zero(std::size_t k) { return body.code[k].what == opcode::constant && std::bit_cast<std::uint64_t>(body.code[k].number) == 0; }
    /// Is register k the number that reduction I starts from?
    template <std::size_t I>
    static constexpr bool starts_with(std::size_t k) {
        return body.code[k].what == opcode::constant && body.code[k].number == static_cast<double>(op_at<I>::start);
    }
};

}  // namespace xgrad::kernel
