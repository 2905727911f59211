// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/expr/leaf.hpp>

#include <cmath>
#include <limits>
#include <numbers>
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
/// exp, expm1, log, log1p, log1mexp, tanh, erf, erfc, normal_cdf, sin, cos, pow of a vector type; a specialisation says how.
template <class V>
struct functions {
    static constexpr bool exist = false;
};

/// A product that is rounded before anything is added to it. A compiler that contracts a b + c would round it once in one kernel and twice in
/// another, and a row's largest entry would not be the one that the row is compared with.
template <class X>
constexpr X rounded(X x) {
    if constexpr (functions<X>::exist) {
        return functions<X>::rounded(x);
    } else {
#if defined(__x86_64__)
        if constexpr (std::is_floating_point_v<X>)
            if (!std::is_constant_evaluated()) asm("" : "+x"(x));
#endif
        return x;
    }
}

/// a b + c, rounded once where the machine does that in one instruction: the same bits wherever it is written.
template <class X>
constexpr X multiply_add(X a, X b, X c) {
    if constexpr (functions<X>::exist) {
        return functions<X>::multiply_add(a, b, c);
    } else {
#if defined(__FP_FAST_FMA)
        if (!std::is_constant_evaluated()) return std::fma(a, b, c);
#endif
        return rounded(a * b) + c;
    }
}

template <class T>
    requires std::is_arithmetic_v<T>
constexpr T select(bool condition, T yes, T no) {
    return condition ? yes : no;
}

/// Op applied to numbers, vectors or graph nodes: how the value of one op is written with another.
template <class Op, class X>
constexpr auto evaluate(X x) {
    if constexpr (ast::reference<X>) {
        return ast::apply<Op>(x);
    } else {
        return Op::value(x);
    }
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
XGRAD_INLINE constexpr auto exp(X x) {
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
constexpr auto log1mexp(X x) {
    if constexpr (functions<X>::exist) {
        return functions<X>::log1mexp(x);
    } else {
        using std::exp, std::expm1, std::log, std::log1p;
        return x > -std::numbers::ln2_v<X> ? log(-expm1(x)) : log1p(-exp(x));
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
template <class X>
constexpr auto erf(X x) {
    if constexpr (functions<X>::exist) {
        return functions<X>::erf(x);
    } else {
        using std::erf;
        return erf(x);
    }
}
template <class X>
constexpr auto erfc(X x) {
    if constexpr (functions<X>::exist) {
        return functions<X>::erfc(x);
    } else {
        using std::erfc;
        return erfc(x);
    }
}
template <class X>
constexpr auto sin(X x) {
    if constexpr (functions<X>::exist) {
        return functions<X>::sin(x);
    } else {
        using std::sin;
        return sin(x);
    }
}
template <class X>
constexpr auto cos(X x) {
    if constexpr (functions<X>::exist) {
        return functions<X>::cos(x);
    } else {
        using std::cos;
        return cos(x);
    }
}
template <class X>
constexpr auto pow(X x, X y) {
    if constexpr (functions<X>::exist) {
        return functions<X>::pow(x, y);
    } else {
        using std::pow;
        return pow(x, y);
    }
}
/// erfc(-x / sqrt 2) / 2, also where rounding the argument of erfc would cost digits.
template <class X>
constexpr auto normal_cdf(X x) {
    if constexpr (functions<X>::exist) {
        return functions<X>::normal_cdf(x);
    } else if constexpr (std::is_same_v<X, float>) {
        return static_cast<float>(0.5 * std::erfc(static_cast<double>(x) * -0.70710678118654752));
    } else {
        constexpr double factor = -0.70710678118654752, rest_of_factor = 4.83364665672645652e-17;
        const double z = factor * x;
        const double half = 0.5 * std::erfc(z);
        if (!(std::abs(z) < 30)) return half;
        // What z lost in rounding, times the derivative.
        const double rest = std::fma(factor, x, -z) + rest_of_factor * x;
        return half - std::exp(-z * z) * std::numbers::inv_sqrtpi * rest;
    }
}
}  // namespace lanes

}  // namespace xgrad
