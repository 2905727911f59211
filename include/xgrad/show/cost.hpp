// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/show/kernels.hpp>

#include <cmath>
#include <cstdio>
#include <map>

namespace xgrad {

/// The size of a named axis: `xg::explain(std::cout, loss, {{"batch", 32}})`.
struct axis_size {
    std::string_view name;
    std::int64_t size = 0;
};

namespace show {

/// A sum of products of named axes, such as batch * 712 + 5120: what a kernel moves or computes, before sizes are known.
class amount {
public:
    /// `each` for every element of a shape, times further extents.
    void add(const shape& s, double each, std::initializer_list<extent> further = {}) {
        std::vector<std::string> axes;
        auto take = [&](const extent& e) {
            if (e.is_dynamic()) {
                axes.push_back(extent_text(e));
            } else {
                each *= static_cast<double>(e.size);
            }
        };
        for (int i = 0; i < s.rank; ++i) take(s[i]);
        for (const extent& e : further) take(e);
        std::sort(axes.begin(), axes.end());
        if (each != 0) terms_[axes] += each;
    }
    bool is_zero() const { return terms_.empty(); }
    /// Its value, or NaN where an axis has no size.
    double at(std::span<const axis_size> sizes) const {
        double sum = 0;
        for (const auto& [axes, factor] : terms_) {
            double product = factor;
            for (const std::string& axis : axes) {
                const auto given = std::find_if(sizes.begin(), sizes.end(), [&](const axis_size& a) { return a.name == axis; });
                product *= given == sizes.end() ? std::nan("") : static_cast<double>(given->size);
            }
            sum += product;
        }
        return sum;
    }
    /// "batch * 712 + 5120", in parentheses where it is a sum.
    std::string text() const {
        if (terms_.empty()) return "0";
        std::string made;
        for (auto t = terms_.rbegin(); t != terms_.rend(); ++t) {
            std::string product;
            for (const std::string& axis : t->first) product += (product.empty() ? "" : " * ") + axis;
            if (product.empty() || t->second != 1) product += (product.empty() ? "" : " * ") + std::to_string(static_cast<std::int64_t>(t->second));
            made += (made.empty() ? "" : " + ") + product;
        }
        return terms_.size() > 1 ? "(" + made + ")" : made;
    }

private:
    std::map<std::vector<std::string>, double> terms_{};
};

/// Three digits of a number below a thousand.
inline std::string three_digits(double x) {
    char text[16];
    std::snprintf(text, sizeof text, x >= 99.95 ? "%.0f" : x >= 9.995 ? "%.1f" : "%.2f", x);
    return text;
}
/// 1234567 as "1.23 M".
inline std::string in_units(double x, std::string_view unit) {
    constexpr std::string_view prefixes[] = {"", "k", "M", "G", "T"};
    std::size_t p = 0;
    for (; x >= 999.5 && p + 1 < std::size(prefixes); ++p) x /= 1000;
    return (p == 0 ? std::to_string(std::lround(x)) : three_digits(x)) + " " + std::string(prefixes[p]) + std::string(unit);
}

/// What one kernel must do at least.
struct kernel_cost {
    amount elements;  ///< read from and written to memory, each array once; numbers without axes are not counted
    amount flops;     ///< an instruction of an element 1, one that is `heavy` (exp, log, divide) 16, a multiply-add of a product 2
};

/// What an op with a loop of its own computes. `operand(k)` are the shapes it reads, `moved` is the elements it writes. Of ops that multiply matrices the products
/// and heavy functions are counted, as if no key were masked and no exponential taken twice; the others do an operation an element.
inline void add_own_loop(amount& flops, const op_info* op, const attributes& a, const auto& operand, const shape& moved) {
    const bool by_p = op == &info<log_matmul_exp_left_op>, by_a = op == &info<log_matmul_exp_right_op>;
    if (is_attention(op)) {
        const shape &k = operand(1), &v = operand(2);
        const int last = k.rank - 1;
        shape scores = operand(0);
        scores[last] = k[last - 1];
        const bool by_q = op->name.ends_with("derivative") || op->name.ends_with("by_q"), by_k_v = op->name.ends_with("derivative") || op->name.ends_with("by_k_v");
        // Scores and means of values; on the way back scores and their slopes, from there the gradients of q, and of k and v.
        const double products = static_cast<double>(k[last].size * (1 + by_q + by_k_v) + v[last].size * (1 + by_k_v));
        const double functions = static_cast<double>(xgrad::detail::heads_of(a.axes)) * (a.number != 0 ? 2 : 1);  // an exponential, and a cap's tanh
        flops.add(scores, (2 * products + 16 * functions) * (xgrad::detail::is_causal(a.axes) ? 0.5 : 1));
    } else if (op == &info<log_matmul_exp_op> || by_p || by_a) {
        const shape &p = operand(0), &pairs = operand(1);
        flops.add(p, by_p || by_a ? 4 : 2, {pairs[1]});
        flops.add(p, 16);
        flops.add(pairs, 16);
        shape sums = p;
        sums[p.rank - 1] = pairs[1];
        flops.add(sums, 16);
    } else {
        flops.add(moved, 1);
    }
}

inline kernel_cost cost_of(const plan_draft& p, const step& s, const op_names& ops) {
    kernel_cost made;
    if (s.kind == step_kind::guard) return made;
    const body_range& b = p.bodies[static_cast<std::size_t>(s.body)];
    auto extents = [&](int buffer) -> const shape& { return p.buffers[static_cast<std::size_t>(buffer)].extents; };
    auto touched = [&](int access) { return static_cast<int>(p.accesses[static_cast<std::size_t>(s.first_access + access)].buffer); };
    growing_array<int> read, written;
    auto note = [&](growing_array<int>& list, int buffer) {
        if (extents(buffer).rank > 0 && std::find(list.begin(), list.end(), buffer) == list.end()) list.push_back(buffer);
    };
    auto with_arrays = [&] {
        for (int buffer : read) made.elements.add(extents(buffer), 1);
        for (int buffer : written) made.elements.add(extents(buffer), 1);
        return made;
    };
    shape rows = s.space;
    rows.rank -= s.column_axes;
    for (int k = 0; k < b.instructions; ++k) {
        const instruction& i = p.code[static_cast<std::size_t>(b.first_instruction + k)];
        if (i.what == opcode::load || i.what == opcode::gather) note(read, touched(i.access));
        if (i.what == opcode::apply) made.flops.add(i.per_row ? rows : s.space, ops[i.op]->heavy ? 16 : 1);
        if (i.what == opcode::reduce || i.what == opcode::index) made.flops.add(s.space, 1);
        if (i.what != opcode::whole) continue;
        const int result = s.access_count - 1;
        const bool in_place = touched(0) == touched(result), looks_up = ops[i.op] == &info<embedding_lookup_op>;
        // Of a table only as many rows as there are labels.
        const shape& moved = in_place ? extents(touched(result - 1)) : s.space;
        add_own_loop(made.flops, ops[i.op], attributes_of_whole(i), [&](int operand) -> const shape& { return extents(touched(operand)); }, moved);
        if (in_place || looks_up) made.elements.add(moved, 1);
        for (int a = in_place || looks_up; a < result; ++a) note(read, touched(a));
        if (in_place) return with_arrays();
    }
    for (int k = 0; k < b.stores; ++k) note(written, touched(p.stores[static_cast<std::size_t>(b.first_store + k)].access));
    if (s.kind == step_kind::contraction) {
        note(read, s.left);
        note(read, s.right);
        const shape& left = extents(s.left);
        shape depth = left;
        if (s.rows_are_summed) {
            depth.rank = left.rank - 1;
        } else {
            depth.rank = 1;
            depth[0] = left[left.rank - (s.left_transposed ? 2 : 1)];
        }
        shape work = s.space;
        for (int i = 0; i < depth.rank; ++i) work.push_back(depth[i]);
        made.flops.add(work, 2);
    }
    return with_arrays();
}

}  // namespace show
}  // namespace xgrad
