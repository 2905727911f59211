// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/plan/assemble.hpp>

namespace xgrad {

/// The kernel of an op with a loop of its own: one instruction that says which, and arrays as they lie in memory, the result last, in the place of
/// node `as`. The first axis of an operand has a place where it is cut as the result is.
constexpr assembled assemble_whole(const graph& g, int n, int as) {
    const value_node& node = g[n];
    assembled made;
    instruction i{};
    i.what = opcode::whole;
    i.op = node.op->digest;
    i.a = static_cast<std::uint8_t>(node.attr.axes);
    i.b = static_cast<std::uint8_t>(node.attr.axes >> 8);
    i.c = static_cast<std::uint8_t>(node.attr.axes >> 16);
    i.number = node.attr.number;
    made.code.push_back(i);
    made.saves = node.op->scratch;
    const unsigned cut = node.op->cut_operands(node.attr, g.shape_of(n));
    auto touch = [&](int array, bool is_cut) {
        if (is_scalar(g, array)) throw "xgrad: an op with a loop of its own has an operand or a result without axes; it works on arrays only";
        operand_view v;
        v.node = array;
        if (is_cut) v.axes[0] = 0;
        made.accesses.push_back(v);
    };
    for (int k = 0; k < node.arity; ++k) touch(node.operands[static_cast<std::size_t>(k)], (cut >> k & 1u) != 0);
    touch(as, cut != 0);
    store s{};
    s.how = storing::element;
    s.step = stepping::contiguous;
    s.access = static_cast<std::uint8_t>(node.arity);
    made.stores.push_back(s);
    return made;
}

}  // namespace xgrad
