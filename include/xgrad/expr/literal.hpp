// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/expr/op.hpp>

namespace xgrad {

/// A number known to the compiler.
struct constant_op : op_defaults {
    static constexpr std::string_view name = "constant";
    static constexpr op_kind kind = op_kind::leaf;
    static constexpr int arity = 0;
    static constexpr shape_result shape_rule(const attributes&, const shape*, int) { return {}; }
};

namespace ast {
template <double Value>
using constant_node = decltype(apply<constant_op, attributes{.number = Value}>());
}  // namespace ast

/// A compile-time number from a compile-time double: `xg::number<0.1>`.
template <double Value>
inline constexpr ast::constant_node<Value> number{};

/// An extent in its one canonical form, so that 64_c and an integral constant of 64 declare the same tensor.
template <std::int64_t Size>
struct static_extent {
    static constexpr std::int64_t value = Size;
};

namespace detail {
template <std::size_t N>
constexpr double parse_number(const char (&text)[N]) {
    long double mantissa = 0;
    int exponent = 0;
    bool fraction = false;
    std::size_t i = 0;
    for (; i < N && text[i] != 'e' && text[i] != 'E'; ++i) {
        if (text[i] == '\'') continue;
        if (text[i] == '.') {
            fraction = true;
            continue;
        }
        mantissa = mantissa * 10 + (text[i] - '0');
        if (fraction) --exponent;
    }
    if (i < N) {
        ++i;
        const bool minus = text[i] == '-';
        if (text[i] == '-' || text[i] == '+') ++i;
        int written = 0;
        for (; i < N; ++i) written = written * 10 + (text[i] - '0');
        exponent += minus ? -written : written;
    }
    long double power = 1;
    for (int k = 0; k < (exponent < 0 ? -exponent : exponent); ++k) power *= 10;
    return static_cast<double>(exponent < 0 ? mantissa / power : mantissa * power);
}

template <class X>
constexpr extent to_extent(X) {
    if constexpr (requires { X::name->text; }) {
        return {-1, X::name};
    } else if constexpr (ast::symbolic<X>) {
        constexpr const record& r = *ast::node_traits<X>::of();
        static_assert(r.op == &info<constant_op>, "xgrad: an extent is a number such as 64_c or an axis<\"name\">.");
        static_assert(static_cast<double>(static_cast<std::int64_t>(r.attr.number)) == r.attr.number && r.attr.number >= 1,
                      "xgrad: an extent is a whole number, at least 1. Fix: write it as 64_c.");
        return {static_cast<std::int64_t>(r.attr.number), nullptr};
    } else if constexpr (requires { X::value; }) {
        static_assert(X::value >= 1, "xgrad: an extent is at least 1.");
        return {static_cast<std::int64_t>(X::value), nullptr};
    } else {
        static_assert(requires { X::value; },
                      "xgrad: an extent is a number such as 64_c, an integral constant, or an axis<\"name\">. "
                      "Fix: write 64_c, not 64.");
        return one_extent;  // so that nothing more is wrong
    }
}

template <class E>
struct canonical {
    using type = static_extent<to_extent(E{}).size>;
};
template <fixed_string Name>
struct canonical<dynamic_axis<Name>> {
    using type = dynamic_axis<Name>;
};

template <class... E>
constexpr shape to_shape(E... e) {
    static_assert(sizeof...(E) <= static_cast<std::size_t>(max_rank), "xgrad: at most XGRAD_MAX_RANK axes.");
    shape made{};
    (made.push_back(to_extent(e)), ...);
    return made;
}
}  // namespace detail

template <class E>
using canonical_extent = typename detail::canonical<E>::type;

namespace literals {
/// `1_c`, `0.5_c`, `1e-3_c`: a number the compiler sees, as an operand and as an extent.
template <char... Digits>
constexpr auto operator""_c() {
    constexpr char text[] = {Digits...};
    return ast::constant_node<detail::parse_number(text)>{};
}
}  // namespace literals

}  // namespace xgrad
