// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/expr/record.hpp>

#include <concepts>
#include <type_traits>

namespace xgrad {

/// Where expression types live, and the operators and functions that argument-dependent lookup finds for them.
namespace ast {

template <std::uint64_t H>
struct node;

/// A node inside a composite: a broken shape rule passes silently, for the outermost call to report once.
template <std::uint64_t H>
struct quiet_node;

/// The result of a call that broke requirement `Rule` of `Op`, with the two figures; everything made from it is bad too.
template <class Op, int Rule, std::int64_t A, std::int64_t B>
struct bad {};

XGRAD_FRIEND_INJECTION_BEGIN
template <std::uint64_t H>
struct key {
    friend constexpr const record* record_of(key<H>);
};
XGRAD_FRIEND_INJECTION_END

template <std::uint64_t H, const record* R>
struct define {
    friend constexpr const record* record_of(key<H>) { return R; }
    static constexpr std::uint64_t digest = H;
};

template <class X>
struct node_traits {
    static constexpr bool is_node = false, is_quiet = false, is_bad = false;
};
template <std::uint64_t H>
struct node_traits<node<H>> {
    static constexpr bool is_node = true, is_quiet = false, is_bad = false;
    static constexpr const record* of() { return record_of(key<H>{}); }
};
template <std::uint64_t H>
struct node_traits<quiet_node<H>> {
    static constexpr bool is_node = true, is_quiet = true, is_bad = false;
    static constexpr const record* of() { return record_of(key<H>{}); }
};
template <class Op, int Rule, std::int64_t A, std::int64_t B>
struct node_traits<bad<Op, Rule, A, B>> {
    static constexpr bool is_node = false, is_quiet = false, is_bad = true;
};

/// An expression written by the user: `xg::input<"x">(batch, 32_c)`, `exp(x)`, ...
template <class X>
concept symbolic = node_traits<std::remove_cvref_t<X>>::is_node || node_traits<std::remove_cvref_t<X>>::is_bad;

/// A handle on a node of the value graph (graph/ref.hpp): `partials` and `pullback` run on these.
template <class X>
concept reference = requires { typename std::remove_cvref_t<X>::is_graph_reference; };

/// Anything the ops accept.
template <class X>
concept expression = symbolic<X> || reference<X>;

template <class X>
constexpr const record& record_for_node(X) {
    return *node_traits<X>::of();
}

template <class... X>
struct first_bad {
    using type = void;
};
template <class X, class... Rest>
struct first_bad<X, Rest...> {
    using type = typename std::conditional_t<node_traits<X>::is_bad, std::type_identity<X>, first_bad<Rest...>>::type;
};

template <class... X>
struct first_reference {};
template <class X, class... Rest>
struct first_reference<X, Rest...> : std::conditional_t<reference<X>, std::type_identity<X>, first_reference<Rest...>> {};

/// An array bound to an expression's name, made by `x = array`.
template <std::uint64_t H, class Array>
struct binding {
    const Array& array;
};

/// The name of data, or of another formula's op: beside a sentence the compiler prints it.
template <std::uint64_t H>
constexpr auto word_for() {
    constexpr const record* r = record_of(key<H>{});
    constexpr std::string_view word = r->attr.leaf ? r->attr.leaf->name : r->op->name;
    return fixed_text<word.size()>(word);
}
template <fixed_string Formula>
constexpr double refuse_as_number() {
    static_assert(Formula.empty(),
                  "xgrad: a formula is no number: it has values when a program made of it is called. "
                  "Fix: write exp(x) or xg::exp(x), not std::exp(x), and x > 0_c, not x > 0; xg::compile(x)(...) computes.");
    return 0;
}
template <fixed_string Formula>
constexpr bool refuse_as_condition() {
    static_assert(Formula.empty(),
                  "xgrad: a formula is no condition: x > y is decided element by element, when a program made of it is called. "
                  "Fix: write select(x > y, a, b) in place of if and ?:.");
    return false;
}

template <std::uint64_t H>
struct node {
    static constexpr std::uint64_t digest = H;
    /// Binds an array to this name for one call: `f(x = X)`.
    template <class Array>
    constexpr binding<H, Array> operator=(const Array& array) const {
        return {array};
    }
    constexpr node() = default;
    constexpr node(const node&) = default;

    /// What `std::exp(x)`, `x > 0` or `double d = x` ask for, and `if (x > y)` or `x > y ? a : b`: refused with a sentence.
    constexpr operator double() const { return refuse_as_number<word_for<H>()>(); }
    constexpr explicit operator bool() const { return refuse_as_condition<word_for<H>()>(); }
};
template <std::uint64_t H>
struct quiet_node {
    static constexpr std::uint64_t digest = H;
};

template <class X>
constexpr auto quiet(X x) {
    if constexpr (node_traits<X>::is_node) {
        return quiet_node<X::digest>{};
    } else {
        return x;
    }
}
template <class X>
constexpr auto loud(X x) {
    if constexpr (node_traits<X>::is_node) {
        return node<X::digest>{};
    } else {
        return x;
    }
}

}  // namespace ast

template <class X>
inline constexpr bool is_bad = ast::node_traits<std::remove_cvref_t<X>>::is_bad;

/// The extents of an expression, as a constant.
template <ast::symbolic X>
constexpr const shape& shape_of(X) {
    return ast::node_traits<X>::of()->extents;
}
/// The domain of an expression: real, probability or boolean.
template <ast::symbolic X>
constexpr domain domain_of(X) {
    return ast::node_traits<X>::of()->range;
}

}  // namespace xgrad
