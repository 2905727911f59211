// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/body_key.hpp>
#include <xgrad/kernel/call.hpp>
#include <xgrad/kernel/lanes.hpp>
#include <xgrad/kernel/math/functions.hpp>
#include <xgrad/ops/whole.hpp>

namespace xgrad::kernel {

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
            if constexpr (takes_lanes<op>) *c.asks = op::scratch_bytes(made, lanes_of<op>{});
            return;
        }
        made.scratch = c.row_buffer;
        if constexpr (takes_lanes<op>) {
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
