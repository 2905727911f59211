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
/// exp, expm1, log, log1p, log1mexp, tanh, erf, erfc, normal_cdf, log_normal_cdf, inverse_mills, sin, cos, pow of a vector type; a specialisation says how.
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

namespace detail {
inline constexpr double normal_height = std::numbers::inv_sqrtpi / std::numbers::sqrt2, far_left = -36;
/// x normal_cdf(-x) / density(x) for |x| from 36, right to 3e-19: the asymptotic series in 1 / x^2, (-1)^n 1 3 5 ... (2 n - 1) / x^2n.
template <class X>
constexpr X far_mills(X x) {
    const X q = constant(x, -1) / (x * x);
    X sum = constant(x, 135135);
    for (double c : {10395, 945, 105, 15, 3, 1, 1}) sum = sum * q + constant(x, c);
    return sum;
}
}  // namespace detail

/// log(normal_cdf(x)), also where normal_cdf(x) is below all numbers.
template <class X>
constexpr auto log_normal_cdf(X x) {
    if constexpr (functions<X>::exist) {
        return functions<X>::log_normal_cdf(x);
    } else if constexpr (std::is_same_v<X, float>) {
        return static_cast<float>(log_normal_cdf(static_cast<double>(x)));
    } else {
        if (x > 0) return std::log1p(-normal_cdf(-x));
        if (!(x < detail::far_left)) return std::log(normal_cdf(x));
        return -0.5 * x * x - std::log(-x / (detail::normal_height * detail::far_mills(x)));
    }
}
/// The density of a normal number over normal_cdf(x), also where both are below all numbers.
template <class X>
constexpr auto inverse_mills(X x) {
    if constexpr (functions<X>::exist) {
        return functions<X>::inverse_mills(x);
    } else if constexpr (std::is_same_v<X, float>) {
        return static_cast<float>(inverse_mills(static_cast<double>(x)));
    } else {
        if (x < detail::far_left) return -x / detail::far_mills(x);
        const double front = static_cast<float>(x);  // its square is exact
        return detail::normal_height * std::exp(-0.5 * front * front) * std::exp(-0.5 * (x - front) * (x + front)) / normal_cdf(x);
    }
}
}  // namespace lanes

}  // namespace xgrad
