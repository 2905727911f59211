// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/rewrite/cancellation.hpp>
#include <xgrad/rewrite/multiples.hpp>
#include <xgrad/rewrite/engine.hpp>

#include <algorithm>

namespace xgrad {

namespace detail {
/// The order of a commutative op's operands: names before what is computed from them, then by content, first without the names. It
/// depends on the formula alone, not on the order in which its parts were met, so that equal formulas become equal kernels, and
/// layers alike share theirs.
constexpr bool stands_before(const graph& g, int a, int b) {
    const bool x = g[a].arity == 0, y = g[b].arity == 0;
    if (x != y) return x;
    return g[a].form != g[b].form ? g[a].form < g[b].form : g[a].digest < g[b].digest;
}
}  // namespace detail

/// The normal form, made while nodes are made:
///   a - b is a + (-1) b; a product is its number, then its factors, smallest first; numbers are folded; operands of
///   a commutative op stand in one order; what is constant along the axes of a sum stands outside it; broadcasts move outwards.
/// Sums keep the order the user gave them: (x - m) - log s must not become x - (m + log s). But a term and its opposite go:
/// a + (b - a) is b, and its derivative by a is 0 without a rounded difference.
class normal_form {
    constexpr int make(const op_info* op, int x) { return g.make(op, {}, {x}); }
    constexpr int make(const op_info* op, int x, int y) { return g.make(op, {}, {x, y}); }

public:
    constexpr normal_form(graph& graph_, const attributes& attr_) : g(graph_), attr(attr_) {}

    constexpr int of(const op_info* op, const int* given, int arity) {
        small_array<int, max_arity> x{};
        for (int i = 0; i < arity; ++i) x[static_cast<std::size_t>(i)] = given[i];
        if (op->kind == op_kind::elementwise && arity > 0) {
            const int spread = move_broadcasts_out(op, x, arity);
            if (spread >= 0) return spread;
            if (op->foldable && all_numbers(x, arity)) return fold(op, x, arity);
        }
        if (op == &info<add_op>) return sum_of(x[0], x[1]);
        if (op == &info<subtract_op>) return make(&info<add_op>, x[0], times(-1, x[1]));
        if (op == &info<negate_op>) return times(-1, x[0]);
        if (op == &info<multiply_op>) return product(x[0], x[1]);
        if (op == &info<divide_op>) return quotient(x[0], x[1]);
        if (op == &info<pow_op> && g.is_number(x[1])) return power(x[0], g[x[1]].attr.number, shape_of(op, x.data(), arity));
        if (op == &info<abs_op> || op == &info<decay_op>) return g.is_number(leading(x[0]), -1) && x[0] != leading(x[0]) ? make(op, times(-1, x[0])) : -1;
        if (op == &info<select_op> && is_settled(x[0])) return spread(x[holds_of_numbers(x[0]) ? 1 : 2], shape_of(op, x.data(), arity));
        if (op == &info<indicator_op> && is_settled(x[0])) return g.number(holds_of_numbers(x[0]));
        if (op == &info<select_op> && x[1] == x[2]) return spread(x[1], shape_of(op, x.data(), arity));
        if (op == &info<count_op>) return count(x[0]);
        if (op->kind == op_kind::reduction) return reduction(op, x[0]);
        if (op == &info<pick_op> && attr.number == 1) return without(x[0], 1u << (g.shape_of(x[0]).rank - 1));
        if (op == &info<one_hot_op> && attr.number == 1) return one_class(x[0]);
        if (op->kind == op_kind::contraction && (is_zero(x[0]) || is_zero(x[1]))) return spread(g.number(0), shape_of(op, x.data(), arity));
        if (op == &info<matmul_op> && is_transpose(x[0])) return g.make(&info<contract_rows_op>, {}, {g.operand(x[0], 0), x[1]});
        if (op == &info<contract_rows_op> && is_transpose(x[0])) return g.make(&info<matmul_op>, {}, {g.operand(x[0], 0), x[1]});
        return -1;
    }

private:
    graph& g;
    const attributes& attr;

    constexpr int times(double k, int x) { return make(&info<multiply_op>, g.number(k), x); }
    constexpr int spread(int x, const shape& wanted) { return ast::ref{&g, x}.spread_to(wanted).index; }
    constexpr int leading(int i) const {
        while (g.is(i, &info<multiply_op>)) i = g.operand(i, 0);
        return i;
    }
    constexpr bool all_numbers(const small_array<int, max_arity>& x, int arity) const {
        for (int i = 0; i < arity; ++i)
            if (!g.is_number(x[static_cast<std::size_t>(i)])) return false;
        return true;
    }
    constexpr int fold(const op_info* op, const small_array<int, max_arity>& x, int arity) {
        std::array<double, max_arity> v{};
        for (int i = 0; i < arity; ++i) v[static_cast<std::size_t>(i)] = g[x[static_cast<std::size_t>(i)]].attr.number;
        if ((op == &info<divide_op> && v[1] == 0) || (op == &info<sqrt_op> && !(v[0] >= 0))) return -1;
        return g.number(op->fold(v.data()));
    }
    constexpr shape shape_of(const op_info* op, const int* x, int arity) const {
        small_array<shape, max_arity> s{};
        for (int i = 0; i < arity; ++i) s[static_cast<std::size_t>(i)] = g.shape_of(x[i]);
        return op->shape_rule(attr, s.data(), arity).value;
    }
    constexpr bool is_zero(int i) const { return g.is_number(i, 0) || (g.is(i, &info<movement_op>) && g.is_number(g.operand(i, 0), 0)); }
    constexpr bool is_transpose(int i) const {
        return g.is(i, &info<movement_op>) && g.shape_of(i).rank == 2 && g[i].attr.source[0] == 1 && g[i].attr.source[1] == 0;
    }

    /// A broadcast operand with its new axes at extent 1, leading ones gone; the operand itself when it is none.
    constexpr int thin(int x) {
        if (!g.is(x, &info<movement_op>)) return x;
        const axis_map source = g[x].attr.source;
        const shape wide = g.shape_of(x);
        bool changed = false, leading_one = true;
        shape narrow{};
        axis_map kept{};
        for (int i = 0; i < wide.rank; ++i) {
            const std::int8_t from = source[static_cast<std::size_t>(i)];
            if (from < 0) {
                changed = changed || !wide[i].is_one() || leading_one;
                if (leading_one) continue;
            }
            leading_one = false;
            kept[static_cast<std::size_t>(narrow.rank)] = from;
            narrow.push_back(from < 0 ? one_extent : wide[i]);
        }
        return changed ? g.move(g.operand(x, 0), kept, narrow) : x;
    }
    constexpr int move_broadcasts_out(const op_info* op, small_array<int, max_arity>& x, int arity) {
        bool changed = false;
        small_array<int, max_arity> thinned = x;
        for (int i = 0; i < arity; ++i) {
            int& t = thinned[static_cast<std::size_t>(i)];
            const int before = t;
            t = thin(t);
            changed = changed || t != before;
        }
        if (!changed) return -1;
        const shape wanted = shape_of(op, x.data(), arity);
        return spread(g.make(op, attr, thinned.data(), arity), wanted);
    }

    constexpr int sum_of(int a, int b) {
        const int x[] = {a, b};
        if (is_zero(a)) return spread(b, shape_of(&info<add_op>, x, 2));
        if (is_zero(b)) return spread(a, shape_of(&info<add_op>, x, 2));
        if (a == b) return times(2, a);
        const int rest = detail::cancellation{g}.sum(a, b);
        return rest < 0 ? detail::multiples{g}.sum(a, b) : spread(rest, shape_of(&info<add_op>, x, 2));
    }

    constexpr bool stands_before(int a, int b) const {
        const int x = detail::multiples{g}.extent_count(a), y = detail::multiples{g}.extent_count(b);
        return x != y ? x < y : detail::stands_before(g, a, b);
    }

    struct factors {
        double number = 1;
        growing_array<int> list{};
    };
    constexpr void collect(int i, factors& f) {
        for (; g.is(i, &info<multiply_op>) && f.list.size() < 16; i = g.operand(i, 0)) add_factor(g.operand(i, 1), f);
        add_factor(i, f);
    }
    constexpr void add_factor(int i, factors& f) {
        if (g.is_number(i)) {
            f.number *= g[i].attr.number;
            return;
        }
        std::size_t place = f.list.size();
        f.list.push_back(i);
        for (; place > 0 && stands_before(i, f.list[place - 1]); --place) std::swap(f.list[place], f.list[place - 1]);
    }
    constexpr int rebuild(const factors& f) {
        int made = f.number != 1 || f.list.empty() ? g.number(f.number) : -1;
        for (int factor : f.list) {
            const int x[] = {made, factor};
            made = made < 0 ? factor : g.insert(&info<multiply_op>, {}, x, 2);
        }
        return made;
    }
    constexpr int product(int a, int b) {
        factors f;
        collect(a, f);
        collect(b, f);
        const int x[] = {a, b};
        if (f.number == 0) return spread(g.number(0), shape_of(&info<multiply_op>, x, 2));
        return spread(rebuild(f), shape_of(&info<multiply_op>, x, 2));
    }
    constexpr int quotient(int a, int b) {
        const int x[] = {a, b};
        if (g.is_number(b) && g[b].attr.number != 0) return times(1 / g[b].attr.number, a);
        if (g.is_number(a, 0)) return spread(a, shape_of(&info<divide_op>, x, 2));
        if (g.is_number(a)) return g.is_number(a, 1) ? -1 : make(&info<multiply_op>, a, make(&info<divide_op>, g.number(1), b));
        if (g.is_number(leading(a))) {
            factors f;
            collect(a, f);
            const double k = f.number;
            f.number = 1;
            return times(k, make(&info<divide_op>, rebuild(f), b));
        }
        if (g.shape_of(b).rank == 0 && g.shape_of(a).rank > 0)
            return make(&info<multiply_op>, make(&info<divide_op>, g.number(1), b), a);
        return -1;
    }
    /// x^k where products, quotients and roots make it.
    constexpr int power(int x, double k, const shape& wanted) {
        if (k == 0) return spread(g.number(1), wanted);
        if (k == -0.5 || k == -1 || k == -2) return make(&info<divide_op>, g.number(1), make(&info<pow_op>, x, g.number(-k)));
        if (k == 0.5) return make(&info<sqrt_op>, x);
        if (k == 1) return x;
        if (k != 2 && k != 3 && k != 4) return -1;
        const int squared = make(&info<square_op>, x);
        return k == 2 ? squared : k == 3 ? make(&info<multiply_op>, x, squared) : make(&info<square_op>, squared);
    }
    /// Whether two numbers are compared, and what comes of it.
    constexpr bool is_settled(int i) const {
        return g[i].arity == 2 && g[i].op->range == domain::boolean && g[i].op->kind == op_kind::elementwise && g.is_number(g.operand(i, 0)) && g.is_number(g.operand(i, 1));
    }
    constexpr bool holds_of_numbers(int i) const {
        const double a = g[g.operand(i, 0)].attr.number, b = g[g.operand(i, 1)].attr.number;
        const op_info* op = g[i].op;
        if (op == &info<less_op>) return a < b;
        if (op == &info<less_equal_op>) return a <= b;
        if (op == &info<greater_op>) return a > b;
        if (op == &info<greater_equal_op>) return a >= b;
        return (a == b) == (op == &info<equal_op>);
    }

    /// One class alone: its axis has extent 1, and the label hits it or is ignored.
    constexpr int one_class(int labels) {
        const int hit = make(&info<equal_op>, labels, g.number(0));
        shape wide = g.shape_of(labels);
        axis_map source{};
        for (int i = 0; i < wide.rank; ++i) source[static_cast<std::size_t>(i)] = static_cast<std::int8_t>(i);
        source[static_cast<std::size_t>(wide.rank)] = -1;
        wide.push_back(one_extent);
        return g.move(hit, source, wide);
    }
    constexpr int count(int x) {
        const shape s = g.shape_of(x);
        int made = g.number(1);
        for (int i = 0; i < s.rank; ++i)
            if (attr.axes >> i & 1u) made = make(&info<multiply_op>, made, extent_number(s[i]));
        return made;
    }
    constexpr int extent_number(const extent& e) {
        return e.is_dynamic() ? g.insert(&info<extent_op>, {.axis = e.name}, nullptr, 0) : g.number(static_cast<double>(e.size));
    }

    constexpr int reduction(const op_info* op, int x) {
        const shape s = g.shape_of(x);
        std::uint32_t single = 0;
        for (int i = 0; i < s.rank; ++i)
            if (s[i].is_one()) single |= 1u << i;
        if ((single & attr.axes) && op == &info<sum_op> && detail::cancellation{g}.is_multiple(x)) return make(&info<multiply_op>, g.operand(x, 0), g.make(op, attr, {g.operand(x, 1)}));
        if (single & attr.axes) return g.make(op, {.axes = remaining(attr.axes & ~single, single & attr.axes, s.rank)}, {without(x, single & attr.axes)});
        if (attr.axes == 0) return x;
        if (op != &info<sum_op>) return -1;
        if (g.is(x, &info<movement_op>)) return repeats(x) ? sum_of_movement(x) : -1;
        if (g.is_number(x)) return -1;
        if (g.is(x, &info<multiply_op>)) return sum_of_product(x);
        if (g.is(x, &info<one_hot_op>) && attr.axes == 1u << (s.rank - 1)) return spread(g.number(1), shape_of(op, &x, 1));
        return -1;
    }
    /// A mask over the axes that stay when those in `gone` go.
    static constexpr std::uint32_t remaining(std::uint32_t mask, std::uint32_t gone, int rank) {
        std::uint32_t result = 0;
        for (int i = 0, place = 0; i < rank; ++i) {
            if (gone >> i & 1u) continue;
            if (mask >> i & 1u) result |= 1u << place;
            ++place;
        }
        return result;
    }
    /// x without the axes in mask, whose extents are 1.
    constexpr int without(int x, std::uint32_t mask) {
        shape narrow{};
        axis_map source{};
        const shape s = g.shape_of(x);
        for (int i = 0; i < s.rank; ++i) {
            if (mask >> i & 1u) continue;
            source[static_cast<std::size_t>(narrow.rank)] = static_cast<std::int8_t>(i);
            narrow.push_back(s[i]);
        }
        return g.move(x, source, narrow);
    }
    /// Whether a summed axis of a movement is a new one.
    constexpr bool repeats(int x) const {
        for (int i = 0; i < g.shape_of(x).rank; ++i)
            if ((attr.axes >> i & 1u) && g[x].attr.source[static_cast<std::size_t>(i)] < 0) return true;
        return false;
    }
    /// The sum over axes that a broadcast made is a multiple; over the others it is the sum of what was broadcast.
    constexpr int sum_of_movement(int x) {
        const value_node v = g[x];
        const shape wide = g.shape_of(x);
        std::uint32_t inner_axes = 0;
        int multiple = g.number(1);
        for (int i = 0; i < wide.rank; ++i) {
            if (!(attr.axes >> i & 1u)) continue;
            const std::int8_t from = v.attr.source[static_cast<std::size_t>(i)];
            if (from >= 0) {
                inner_axes |= 1u << from;
            } else {
                multiple = make(&info<multiply_op>, multiple, extent_number(wide[i]));
            }
        }
        const int summed = inner_axes ? g.make(&info<sum_op>, {.axes = inner_axes}, {v.operands[0]}) : v.operands[0];
        shape narrow{};
        axis_map source{};
        for (int i = 0; i < wide.rank; ++i) {
            if (attr.axes >> i & 1u) continue;
            const std::int8_t from = v.attr.source[static_cast<std::size_t>(i)];
            std::int8_t place = -1;
            if (from >= 0) {
                place = 0;
                for (int k = 0; k < from; ++k) place = static_cast<std::int8_t>(place + !(inner_axes >> k & 1u));
            }
            source[static_cast<std::size_t>(narrow.rank)] = place;
            narrow.push_back(wide[i]);
        }
        return make(&info<multiply_op>, multiple, g.move(summed, source, narrow));
    }
    /// Factors that do not vary along the summed axes stand outside the sum.
    constexpr int sum_of_product(int x) {
        factors all, inside;
        collect(x, all);
        const shape s = g.shape_of(x);
        int outside = g.number(all.number);
        bool moved = all.number != 1;
        for (int factor : all.list) {
            const shape f = g.shape_of(factor);
            bool varies = false;
            for (int i = 0; i < s.rank; ++i) {
                const int axis = i - (s.rank - f.rank);
                varies = varies || ((attr.axes >> i & 1u) && axis >= 0 && !f[axis].is_one());
            }
            if (varies) {
                inside.list.push_back(factor);
                continue;
            }
            moved = true;
            const int full_rank = align(factor, s.rank);
            outside = make(&info<multiply_op>, outside, without(full_rank, attr.axes));
        }
        if (!moved) return -1;
        int rest = g.number(1);
        for (int factor : inside.list) rest = make(&info<multiply_op>, rest, factor);
        return make(&info<multiply_op>, outside, g.make(&info<sum_op>, {.axes = attr.axes}, {spread(rest, s)}));
    }
    /// x with leading axes of extent 1 up to a rank.
    constexpr int align(int x, int rank) {
        const shape s = g.shape_of(x);
        shape wide{};
        axis_map source{};
        for (int i = 0; i < rank; ++i) {
            const int axis = i - (rank - s.rank);
            source[static_cast<std::size_t>(i)] = static_cast<std::int8_t>(axis);
            if (axis < 0) source[static_cast<std::size_t>(i)] = -1;
            wide.push_back(axis < 0 ? one_extent : s[axis]);
        }
        return g.move(x, source, wide);
    }
};

namespace detail {
template <bool Rules, bool Refine>
constexpr int rewrite_node(graph& g, const op_info* op, const attributes& attr, const int* operands, int arity) {
    int swapped[2];
    if (op->commutative && op != &info<multiply_op> && stands_before(g, operands[1], operands[0])) {
        swapped[0] = operands[1];
        swapped[1] = operands[0];
        operands = swapped;
    }
    const int normal = normal_form(g, attr).of(op, operands, arity);
    const int made = normal >= 0 ? normal : g.insert(op, attr, operands, arity);
    if (!Rules || g[made].arity == 0 || (normal >= 0 && g[made].op != op)) return made;
    const int better = apply_rules(g, made, Refine);
    return better >= 0 ? better : made;
}
}  // namespace detail

/// The stages of rewriting, as graph::rewrite.
inline constexpr graph::rewriter rewrite_stable = &detail::rewrite_node<true, false>;
inline constexpr graph::rewriter rewrite_refined = &detail::rewrite_node<true, true>;
inline constexpr graph::rewriter rewrite_normal = &detail::rewrite_node<false, false>;

}  // namespace xgrad
