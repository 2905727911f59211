// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/expr/leaf.hpp>

#include <cmath>
#include <limits>
#include <tuple>
#include <type_traits>

namespace xgrad {

/// A number of the same kind as x: a float, a batch of floats, a graph node.
template <class X>
constexpr X constant(const X& x, double value) {
    if constexpr (std::is_arithmetic_v<X>) {
        return static_cast<X>(value);
    } else if constexpr (ast::reference<X>) {
        return x.constant(value);
    } else {
        return X(static_cast<typename X::value_type>(value));
    }
}

/// What `value` calls for any kind of X. On numbers they are the standard library's functions, on graph nodes the ops of the
/// same name, on vectors the ones that kernel/math/ brings: `lanes::exp(x)`.
namespace lanes {
/// exp, expm1, log, log1p, tanh of a vector type; a specialisation says how.
template <class V>
struct functions {
    static constexpr bool exist = false;
};

template <class T>
    requires std::is_arithmetic_v<T>
constexpr T select(bool condition, T yes, T no) {
    return condition ? yes : no;
}

/// The larger of two; NaN where one is NaN.
template <class X>
constexpr X larger(X a, X b) {
    if constexpr (functions<X>::exist) {
        return functions<X>::larger(a, b);
    } else {
        return select(a > b, a, select(a == a, b, a));
    }
}
template <class X>
constexpr auto exp(X x) {
    if constexpr (functions<X>::exist) {
        return functions<X>::exp(x);
    } else {
        using std::exp;
        return exp(x);
    }
}
template <class X>
constexpr auto expm1(X x) {
    if constexpr (functions<X>::exist) {
        return functions<X>::expm1(x);
    } else {
        using std::expm1;
        return expm1(x);
    }
}
template <class X>
constexpr auto log(X x) {
    if constexpr (functions<X>::exist) {
        return functions<X>::log(x);
    } else {
        using std::log;
        return log(x);
    }
}
template <class X>
constexpr auto log1p(X x) {
    if constexpr (functions<X>::exist) {
        return functions<X>::log1p(x);
    } else {
        using std::log1p;
        return log1p(x);
    }
}
template <class X>
constexpr auto tanh(X x) {
    if constexpr (functions<X>::exist) {
        return functions<X>::tanh(x);
    } else {
        using std::tanh;
        return tanh(x);
    }
}
}  // namespace lanes

}  // namespace xgrad
