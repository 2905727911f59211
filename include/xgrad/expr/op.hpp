// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/expr/node.hpp>

#include <limits>
#include <utility>

namespace xgrad {

/// The largest error of an op's value in units in the last place, wherever the exact result is a normal number: in float for every argument,
/// in double (`in_double`, where it is another) for those in [from, to]. Written once, here; tests sweep it, and docs/numerics.md quotes it.
struct error_bound {
    double from = -std::numeric_limits<double>::infinity(), to = std::numeric_limits<double>::infinity(), ulp = 0.5, in_double = ulp;
};

template <class Op>
constexpr void pullback_of(graph&, int node, int cotangent, int* results);  // defined in graph/ref.hpp
template <class Op>
constexpr int tangent_of(graph&, int node, const int* tangents);  // defined in graph/ref.hpp
template <class Op>
constexpr int expansion_of(graph&, int node);  // defined in graph/ref.hpp

/// What an op says of itself unless it says otherwise.
struct op_defaults {
    static constexpr std::string_view symbol = "";
    static constexpr bool commutative = false, heavy = false, exact = false, foldable = false, broadcasts = false;
    static constexpr domain range = domain::real;
    static constexpr unsigned boolean_operands = 0;  ///< one bit an operand that `value` takes as a mask

    /// The sentence of a broken requirement. `auto`, so that it is instantiated where the call is, not where it is evaluated:
    /// g++ then names the call once.
    template <int Rule, std::int64_t A, std::int64_t B>
    static constexpr auto report() {
        static_assert(A == B, "xgrad: an op's shape rule is broken by these operands.");
    }
};

/// The number of a broken requirement: operands would meet in all pairs.
inline constexpr int unmeant_pairs = 99;

/// An op that makes one element from N elements at the same place. Give it `value` and `partials` (or `pullback`).
template <int N>
struct elementwise : op_defaults {
    static constexpr op_kind kind = op_kind::elementwise;
    static constexpr int arity = N;
    static constexpr bool broadcasts = true;

    static constexpr shape_result shape_rule(const attributes&, const shape* operands, int count) {
        shape_result result{operands[0]};
        for (int i = 1; i < count; ++i) {
            result = broadcast_shapes(result.value, operands[i]);
            if (result.broken) return result;
        }
        return result;
    }
    template <int Rule, std::int64_t A, std::int64_t B>
    static constexpr auto report() {
        static_assert(A == B || Rule == unmeant_pairs,
                      "xgrad: an elementwise op needs equal extents, or 1, on every axis counted from the last. "
                      "Fix: broadcast one side, or check the widths.");
        static_assert(A == B || Rule != unmeant_pairs,
                      "xgrad: operands of an elementwise op have different ranks, and their axes of one name would not meet but make all pairs, as [batch] with [batch, 1] does: axes meet from the last. "
                      "Fix: give both the same axes, reshape(w, batch, 1_c); where pairs are meant say so, reshape(w, 1_c, batch).");
    }
};

/// From the digest in a kernel's body back to the op's type, once a plan is made.
XGRAD_FRIEND_INJECTION_BEGIN
template <std::uint64_t Digest>
struct op_key {
    friend constexpr auto type_of(op_key<Digest>);
};
XGRAD_FRIEND_INJECTION_END
template <class Op>
struct define_op {
    friend constexpr auto type_of(op_key<type_digest<Op>()>) { return std::type_identity<Op>{}; }
};

namespace detail {
template <class Op>
constexpr double fold_thunk(const double* x) {
    return [x]<std::size_t... I>(std::index_sequence<I...>) {
        return static_cast<double>(Op::value(x[I]...));
    }(std::make_index_sequence<static_cast<std::size_t>(Op::arity)>{});
}

template <class Op>
constexpr op_info make_info() {
    (void)sizeof(define_op<Op>);
    op_info made;
    made.name = Op::name;
    made.symbol = Op::symbol;
    made.digest = type_digest<Op>();
    made.kind = Op::kind;
    made.arity = Op::arity;
    made.commutative = Op::commutative;
    made.heavy = Op::heavy;
    made.exact = Op::exact;
    made.foldable = Op::foldable;
    made.broadcasts = Op::broadcasts;
    made.range = Op::range;
    made.shape_rule = &Op::shape_rule;
    if constexpr (Op::kind != op_kind::leaf && Op::kind != op_kind::derivative && Op::kind != op_kind::recurrence && Op::kind != op_kind::mode) {
        made.pullback = &pullback_of<Op>;
        made.tangent = &tangent_of<Op>;
    }
    if constexpr (Op::kind == op_kind::composite) made.expand = &expansion_of<Op>;
    if constexpr (Op::kind == op_kind::elementwise && Op::foldable) made.fold = &fold_thunk<Op>;
    if constexpr (Op::kind == op_kind::whole) {
        made.cut_operands = &Op::cut_operands;
        made.scratch = Op::scratch;
        made.overwrites_first = Op::overwrites_first;
    }
    return made;
}
}  // namespace detail

/// The one description of an op; its address is the op's identity in every graph.
template <class Op>
inline constexpr op_info info = detail::make_info<Op>();

/// What every op must bring; a missing part is named by the compiler.
template <class Op>
concept op = requires {
    { Op::name } -> std::convertible_to<std::string_view>;
    { Op::kind } -> std::convertible_to<op_kind>;
    { Op::arity } -> std::convertible_to<int>;
};

namespace detail {
/// Whether no array is behind a formula: places along an axis, whose pairs are meant, as in a mask of what comes before.
constexpr bool is_of_no_array(const record& r) {
    for (int i = 0; i < r.arity; ++i)
        if (!is_of_no_array(*r.operands[static_cast<std::size_t>(i)])) return false;
    return r.attr.leaf == nullptr;
}
}  // namespace detail

constexpr record make_record(const op_info* op, const attributes& attr, std::initializer_list<const record*> operands) {
    record made;
    made.op = op;
    made.attr = attr;
    small_array<shape, max_arity> shapes{};
    std::uint64_t h = mix(op->digest, digest_of(attr));
    for (const record* operand : operands) {
        shapes[static_cast<std::size_t>(made.arity)] = operand->extents;
        made.operands[static_cast<std::size_t>(made.arity++)] = operand;
        h = mix(h, operand->digest);
    }
    made.digest = h;
    const shape_result result = op->shape_rule(attr, shapes.data(), made.arity);
    made.extents = result.value;
    made.broken = result.broken;
    made.broken_a = result.a;
    made.broken_b = result.b;
    for (int i = 1; op->broadcasts && made.broken == 0 && i < made.arity; ++i)
        for (int k = 0; k < i; ++k) {
            const record &a = *operands.begin()[k], &b = *operands.begin()[i];
            if (meet_in_pairs(a.extents, b.extents) && !detail::is_of_no_array(a.extents.rank < b.extents.rank ? a : b))
                made.broken = unmeant_pairs, made.broken_a = a.extents.rank, made.broken_b = b.extents.rank;
        }
    made.range = attr.leaf ? attr.leaf->range : op->kind == op_kind::movement || op->kind == op_kind::mode ? operands.begin()[0]->range : op->range;
    return made;
}

template <class Op, attributes A, std::uint64_t... H>
inline constexpr record record_for = make_record(&info<Op>, A, {record_of(ast::key<H>{})...});

namespace ast {

/// The type of an op applied to operands: a node, a quiet node, a `bad`, or a graph reference when an operand is one.
/// Known without instantiating any function, so that ops may be written with each other.
template <class Op, attributes A, class... X>
struct application {
    static constexpr const record& made = record_for<Op, A, X::digest...>;
    static constexpr bool is_quiet = (node_traits<X>::is_quiet || ...);
    template <bool Broken, bool Quiet>
    struct pick {
        using type = node<define<made.digest, &made>::digest>;
    };
    template <bool Quiet>
    struct pick<true, Quiet> {
        using type = bad<Op, made.broken, made.broken_a, made.broken_b>;
    };
    template <bool Broken>
        requires(!Broken)
    struct pick<Broken, true> {
        using type = quiet_node<define<made.digest, &made>::digest>;
    };
    using type = typename pick<made.broken != 0, is_quiet>::type;
};
template <class Op, attributes A, class... X>
    requires(!(expression<X> && ...))
struct application<Op, A, X...> {};
template <class Op, attributes A, class... X>
    requires((expression<X> && ...) && (node_traits<X>::is_bad || ...))
struct application<Op, A, X...> : first_bad<X...> {};
template <class Op, attributes A, class... X>
    requires((expression<X> && ...) && (reference<X> || ...))
struct application<Op, A, X...> : first_reference<X...> {};

template <class Op, class... X>
using made = typename application<Op, attributes{}, X...>::type;

/// The node of an op over operands: the one way expressions are made. A broken shape rule is reported here, or, inside a
/// composite, becomes a `bad` result that the composite reports.
template <class Op, attributes A = attributes{}, class... X>
constexpr typename application<Op, A, X...>::type apply(X... x) {
    if constexpr ((reference<X> || ...)) {
        return apply_in_graph<Op>(A, x...);
    } else {
        static_assert(op<Op>, "xgrad: an op is a named struct with name, kind, arity. See docs/adding_an_op.md.");
        using Result = typename application<Op, A, X...>::type;
        constexpr bool is_new = is_bad<Result> && !(node_traits<X>::is_bad || ...) && !(node_traits<X>::is_quiet || ...);
        if constexpr (is_new) {
            constexpr const record& made = record_for<Op, A, X::digest...>;
            Op::template report<made.broken, made.broken_a, made.broken_b>();
        }
        return Result{};
    }
}

}  // namespace ast

namespace ast {
/// A plain number beside an expression is refused with a sentence: its value is not part of any type, so no rule could see it.
template <class... X>
concept plain_number_among = (expression<X> || ...) && (std::is_arithmetic_v<X> || ...) && ((expression<X> || std::is_arithmetic_v<X>) && ...);

template <class First, class... Rest>
constexpr auto first_expression(First first, Rest... rest) {
    if constexpr (expression<First>) {
        return first;
    } else {
        return first_expression(rest...);
    }
}
/// Returns a formula, so that what stands around it is not wrong too.
template <class... X>
constexpr auto refuse_plain_number(X... x) {
    static_assert((expression<X> && ...),
                  "xgrad: a plain number cannot stand in a formula. "
                  "Fix: write 1_c - y instead of 1 - y (using namespace xgrad::literals), or bind an xg::scalar<\"name\">.");
    return first_expression(x...);
}
}  // namespace ast

/// The object users call, `xg::softplus(x)`, and pass on, `sequential(..., xg::softplus)`.
template <class Op>
struct function {
    template <ast::expression... X>
    constexpr auto operator()(X... x) const {
        static_assert(sizeof...(X) == static_cast<std::size_t>(Op::arity),
                      "xgrad: an op was called with the wrong number of operands. Fix: see the op's doc.");
        return ast::apply<Op>(x...);
    }
    template <class... X>
        requires ast::plain_number_among<X...>
    constexpr auto operator()(X... x) const {
        return ast::refuse_plain_number(x...);
    }
};

/// Reports a `bad` value at the end of a composite; other values pass.
template <class X>
constexpr auto reported(X x) {
    if constexpr (is_bad<X>) {
        []<class Op, int Rule, std::int64_t A, std::int64_t B>(ast::bad<Op, Rule, A, B>) {
            Op::template report<Rule, A, B>();
        }(x);
    }
    return ast::loud(x);
}

}  // namespace xgrad
