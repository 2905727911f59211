// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/graph/graph.hpp>
#include <xgrad/ops/matmul.hpp>
#include <xgrad/ops/count.hpp>
#include <xgrad/ops/logsumexp.hpp>
#include <xgrad/ops/pick.hpp>
#include <xgrad/ops/sum.hpp>

namespace xgrad {
namespace ast {

/// A node of the value graph that can be written with: `partials`, `pullback`, `tangent`, `expand` and `value` run on these.
class ref {
public:
    using is_graph_reference = void;
    graph* owner = nullptr;
    int index = -1;

    constexpr ref constant(double value) const { return {owner, owner->number(value)}; }
    constexpr const xgrad::shape& shape() const { return owner->shape_of(index); }
    constexpr const attributes& attr() const { return (*owner)[index].attr; }

    /// This, which lacks the axes in mask, spread over them to the shape of `like`.
    constexpr ref insert_axes(std::uint32_t mask, ref like) const {
        axis_map source{};
        std::int8_t next = 0;
        const xgrad::shape wanted = like.shape();
        for (int i = 0; i < wanted.rank; ++i) source[static_cast<std::size_t>(i)] = mask >> i & 1u ? std::int8_t{-1} : next++;
        return {owner, owner->move(index, source, wanted)};
    }
    /// The last two axes exchanged.
    constexpr ref transposed() const {
        xgrad::shape result = shape();
        axis_map source{};
        for (int i = 0; i < result.rank; ++i) source[static_cast<std::size_t>(i)] = static_cast<std::int8_t>(i);
        std::swap(source[static_cast<std::size_t>(result.rank - 1)], source[static_cast<std::size_t>(result.rank - 2)]);
        std::swap(result[result.rank - 1], result[result.rank - 2]);
        return {owner, owner->move(index, source, result)};
    }
    /// This spread to a shape it broadcasts to.
    constexpr ref spread_to(const xgrad::shape& wanted) const {
        const xgrad::shape from = shape();
        if (from == wanted) return *this;
        axis_map source{};
        for (int i = 0; i < wanted.rank; ++i) {
            const int axis = i - (wanted.rank - from.rank);
            const bool kept = axis >= 0 && (!from[axis].is_one() || wanted[i].is_one());
            source[static_cast<std::size_t>(i)] = static_cast<std::int8_t>(kept ? axis : -1);
        }
        return {owner, owner->move(index, source, wanted)};
    }
    /// The cotangent of a movement's operand: new axes summed, the others put back.
    constexpr ref moved_back(ref moved, ref operand) const {
        const attributes a = moved.attr();
        const xgrad::shape from = operand.shape();
        const int rank = moved.shape().rank;
        std::uint32_t added = 0;
        for (int i = 0; i < rank; ++i)
            if (a.source[static_cast<std::size_t>(i)] < 0) added |= 1u << i;
        const ref summed = added ? sum(added) : *this;
        axis_map source{};
        for (int axis = 0; axis < from.rank; ++axis) {
            std::int8_t place = 0, found = -1;
            for (int i = 0; i < rank; ++i) {
                if (a.source[static_cast<std::size_t>(i)] == axis && !(added >> i & 1u)) found = place;
                if (!(added >> i & 1u)) ++place;
            }
            source[static_cast<std::size_t>(axis)] = found;
        }
        return {owner, owner->move(summed.index, source, from)};
    }
    /// This moved as `moved` moves its operand.
    constexpr ref moved_like(ref moved) const { return {owner, owner->move(index, moved.attr().source, moved.shape())}; }

    /// c and a where this is c a with a number c > 0 in front, else 1 and this.
    constexpr std::pair<double, ref> positive_multiple() const {
        if (!is_named(index, "multiply") || !owner->is_number(owner->operand(index, 0))) return {1, *this};
        const double c = (*owner)[owner->operand(index, 0)].attr.number;
        return c > 0 ? std::pair{c, ref{owner, owner->operand(index, 1)}} : std::pair{1.0, *this};
    }
    /// f of this cotangent, f linear. A label's part is kept apart from what is added to it (label smoothing, a penalty), so that the
    /// rules still see it.
    template <class F>
    constexpr ref labels_apart(F f) const {
        if (!is_sum_with_label(index)) return f(*this);
        const xgrad::shape full = shape();
        const ref a{owner, owner->operand(index, 0)}, b{owner, owner->operand(index, 1)};
        return a.spread_to(full).labels_apart(f) + b.spread_to(full).labels_apart(f);
    }

    constexpr ref sum(std::uint32_t mask) const;
    constexpr ref max(std::uint32_t mask) const;
    constexpr ref softmax(std::uint32_t mask) const;
    constexpr ref one_hot(double classes) const;
    constexpr ref pick(ref labels, double classes) const;
    constexpr ref contract_rows(ref b) const;

private:
    // Ops by their names: their infos cannot be made before their pullbacks are known.
    constexpr bool is_named(int i, std::string_view name) const { return (*owner)[i].op->name == name; }
    constexpr bool is_of_label(int i) const {
        for (; is_named(i, "multiply"); i = owner->operand(i, 0))
            if (is_named(owner->operand(i, 1), "one_hot")) return true;
        return is_named(i, "one_hot");
    }
    constexpr bool is_sum_with_label(int i) const {
        if (!is_named(i, "add")) return false;
        for (; is_named(i, "add"); i = owner->operand(i, 0))
            if (is_of_label(owner->operand(i, 1))) return true;
        return is_of_label(i);
    }
    constexpr ref unary(const op_info* op, const attributes& a) const { return {owner, owner->make(op, a, &index, 1)}; }
};

/// Whether a record is made of numbers alone, and such a record as nodes: `-1_c * exp(x)` in a pullback.
constexpr bool is_closed(const record* r) {
    if (r->arity == 0) return r->op == &info<constant_op>;
    for (int i = 0; i < r->arity; ++i)
        if (!is_closed(r->operands[static_cast<std::size_t>(i)])) return false;
    return true;
}
constexpr int insert_closed(graph& g, const record* r) {
    if (r->arity == 0) return g.number(r->attr.number);
    small_array<int, max_arity> x{};
    for (int i = 0; i < r->arity; ++i) x[static_cast<std::size_t>(i)] = insert_closed(g, r->operands[static_cast<std::size_t>(i)]);
    return g.make(r->op, r->attr, x.data(), r->arity);
}

/// A literal among references becomes a node of their graph.
template <class X>
constexpr int index_in(graph& g, X x) {
    if constexpr (reference<X>) {
        return x.index;
    } else {
        static_assert(is_closed(node_traits<X>::of()), "xgrad: partials and pullbacks are written with their arguments and numbers such as 1_c.");
        return insert_closed(g, node_traits<X>::of());
    }
}
constexpr graph* owner_of(ref x) { return x.owner; }
template <class X>
constexpr graph* owner_of(X) {
    return nullptr;
}

template <class Op, class... X>
constexpr ref apply_in_graph(const attributes& attr, X... x) {
    graph* owner = nullptr;
    ((owner = owner ? owner : owner_of(x)), ...);
    return {owner, owner->make(&info<Op>, attr, {index_in(*owner, x)...})};
}

}  // namespace ast

namespace detail {
/// Whether a class has a member named `partials`, found without instantiating it: a second one would be ambiguous.
struct names_partials {
    int partials;
};
template <class Op>
struct both_partials : Op, names_partials {};
template <class Op>
concept has_partials = !requires { &both_partials<Op>::partials; };

template <class... R, std::size_t... I>
constexpr void store_nodes([[maybe_unused]] graph& g, const std::tuple<R...>& made, int* results, std::index_sequence<I...>) {
    ((results[I] = ast::index_in(g, std::get<I>(made))), ...);
}
template <class... R, std::size_t... I>
constexpr void store_products(ast::ref bar, const std::tuple<R...>& partials, int* results, std::index_sequence<I...>) {
    ((results[I] = (bar * std::get<I>(partials)).index), ...);
}
// (An op has several of these functions made for it: lambdas and std::apply would cost each compile a tenth of a second.)
template <class Op, std::size_t... I>
constexpr void pull_back(graph& g, int node, ast::ref bar, int* results, std::index_sequence<I...> all) {
    if constexpr (has_partials<Op>) {
        store_products(bar, Op::partials(ast::ref{&g, g[node].operands[I]}...), results, all);
    } else {
        store_nodes(g, Op::pullback(bar, ast::ref{&g, node}, ast::ref{&g, g[node].operands[I]}...), results, all);
    }
}
template <class Op, std::size_t... I>
constexpr int expand_operands(graph& g, int node, std::index_sequence<I...>) {
    if constexpr (std::is_base_of_v<elementwise<Op::arity>, Op>) {
        return Op::value(ast::ref{&g, g[node].operands[I]}...).index;
    } else {
        return Op::expand(ast::ref{&g, node}, ast::ref{&g, g[node].operands[I]}...).index;
    }
}
template <class Op>
using operand_places = std::make_index_sequence<static_cast<std::size_t>(Op::arity)>;
}  // namespace detail

template <class Op>
constexpr void pullback_of(graph& g, int node, int cotangent, int* results) {
    detail::pull_back<Op>(g, node, ast::ref{&g, cotangent}, results, detail::operand_places<Op>{});
}

template <class Op>
constexpr int tangent_of(graph& g, int node, const int* tangents) {
    if constexpr (std::is_base_of_v<elementwise<Op::arity>, Op>) {
        // Element by element the Jacobian is diagonal, so the pullback of a tangent is its push-forward.
        int total = -1;
        for (int k = 0; k < Op::arity; ++k) {
            if (tangents[k] < 0) continue;
            small_array<int, max_arity> results{};
            pullback_of<Op>(g, node, tangents[k], results.data());
            const int term = results[static_cast<std::size_t>(k)];
            total = total < 0 ? term : (ast::ref{&g, total} + ast::ref{&g, term}).index;
        }
        return total;
    } else {
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            auto tangent = [&](std::size_t k) {
                if (tangents[k] >= 0) return ast::ref{&g, tangents[k]};
                return ast::ref{&g, g.number(0)}.spread_to(g.shape_of(g[node].operands[k]));
            };
            return Op::tangent(ast::ref{&g, node}, ast::ref{&g, g[node].operands[I]}..., tangent(I)...).index;
        }(detail::operand_places<Op>{});
    }
}

template <class Op>
constexpr int expansion_of(graph& g, int node) {
    return detail::expand_operands<Op>(g, node, detail::operand_places<Op>{});
}

// Here and not in the class: an op's info is made after its pullback is known.
constexpr ast::ref ast::ref::sum(std::uint32_t mask) const { return unary(&info<sum_op>, {.axes = mask}); }
constexpr ast::ref ast::ref::max(std::uint32_t mask) const { return unary(&info<max_op>, {.axes = mask}); }
constexpr ast::ref ast::ref::softmax(std::uint32_t mask) const { return unary(&info<softmax_op>, {.axes = mask}); }
constexpr ast::ref ast::ref::one_hot(double classes) const { return unary(&info<one_hot_op>, {.number = classes}); }
constexpr ast::ref ast::ref::pick(ref labels, double classes) const {
    return {owner, owner->make(&info<pick_op>, {.number = classes}, {index, labels.index})};
}
constexpr ast::ref ast::ref::contract_rows(ref b) const { return {owner, owner->make(&info<contract_rows_op>, {}, {index, b.index})}; }

namespace detail {
/// Clang defers what it meets before its body is known: this brings the pullback of the op that graph.hpp makes into being, and that of
/// the quotient, which pullbacks above mention.
inline constexpr std::pair movement_thunks{&pullback_of<movement_op>, &tangent_of<movement_op>};
inline constexpr std::pair divide_thunks{&pullback_of<divide_op>, &tangent_of<divide_op>};
/// Sums are met early too; their pullback is called by name, their tangent is not.
inline constexpr auto add_thunk = &tangent_of<add_op>;
}  // namespace detail

}  // namespace xgrad
