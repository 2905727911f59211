// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/body_key.hpp>
#include <xgrad/kernel/call.hpp>
#include <xgrad/kernel/lanes.hpp>
#include <xgrad/kernel/math/functions.hpp>
#include <xgrad/kernel/product.hpp>
#include <xgrad/ops/whole.hpp>

namespace xgrad::kernel {

/// Matrix products for ops that bring a loop of their own, by the code of all others.
template <class T>
struct matrix_products {
    using matrix = whole_matrix<const T>;
    /// Bytes that products up to these extents need.
    static std::ptrdiff_t workspace(matrix left, matrix right, std::ptrdiff_t rows, std::ptrdiff_t depth, std::ptrdiff_t columns) {
        return static_cast<std::ptrdiff_t>(sizeof(T)) * (product<T>::workspace(call_of(left, right, rows, depth, columns), true) + depth * product<T>::panel);
    }
    /// to [rows, columns] = left [rows, depth] by right [depth, columns], or that is added to it. `memory` as `workspace` says.
    static void run(matrix left, matrix right, std::ptrdiff_t rows, std::ptrdiff_t depth, std::ptrdiff_t columns, T* to, std::ptrdiff_t row_step, bool adds, void* memory) {
        contraction_call p = call_of(left, right, rows, depth, columns);
        p.goes_on = adds;
        product<T>::run_plain(p, memory, to, row_step);
    }

private:
    static contraction_call call_of(matrix left, matrix right, std::ptrdiff_t rows, std::ptrdiff_t depth, std::ptrdiff_t columns) {
        contraction_call p;
        p.left = left.data;
        p.right = right.data;
        p.rows = rows;
        p.columns = columns;
        p.depth = depth;
        p.left_row = left.row;
        p.left_depth = left.column;
        p.right_depth = right.row;
        p.right_column = right.column;
        return p;
    }
};

/// The loop of an op that has one of its own, over all of its arrays or a part along the outermost axis.
template <class T, std::uint64_t Digest>
struct whole_kernel {
    static void run(const call& c) {
        constexpr instruction work = body_of(body_key<Digest>{}).code[0];
        using op = typename decltype(type_of(op_key<work.op>{}))::type;
        whole_call<T, op::arity> made;
        for (std::size_t k = 0; k < static_cast<std::size_t>(op::arity); ++k) take(c.operands[k], made.operands[k]);
        take(c.operands[op::arity], made.result);
        made.axes = work.a | static_cast<std::uint32_t>(work.b) << 8 | static_cast<std::uint32_t>(work.c) << 16;
        made.number = work.number;
        if (c.asks) {
            if constexpr (op::multiplies) {
                *c.asks = op::scratch_bytes(made, lanes_of<op>{}, matrix_products<T>{});
            } else if constexpr (takes_lanes<op>) {
                *c.asks = op::scratch_bytes(made, lanes_of<op>{});
            }
            return;
        }
        made.scratch = c.row_buffer;
        made.goes_on = c.scratch_is_made;
        if constexpr (op::multiplies) {
            op::run(made, lanes_of<op>{}, matrix_products<T>{});
        } else if constexpr (takes_lanes<op>) {
            op::run(made, lanes_of<op>{});
        } else {
            op::run(made);
        }
    }

private:
    template <class Op>
    using lanes_of = lanes<std::conditional_t<Op::lanes_of_double, double, T>>;
    template <class Op>
    static constexpr bool takes_lanes = requires(const whole_call<T, Op::arity>& made) { Op::scratch_bytes(made, lanes_of<Op>{}); };
    template <class Element>
    static void take(const operand& from, whole_array<Element>& to) {
        to.data = static_cast<Element*>(from.data);
        to.extents = from.row_strides;
        while (to.rank < max_rank && to.extents[static_cast<std::size_t>(to.rank)] > 0) ++to.rank;
        if (from.leading_stride) to.extents[0] = from.elements / from.leading_stride;
    }
};

}  // namespace xgrad::kernel
