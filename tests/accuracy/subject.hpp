// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/xgrad.hpp>

#include <cmath>
#include <numbers>
#include <string>
#include <vector>

/// A function of one number under test: what a program computes of it, and what is exact.
namespace accuracy {

namespace xg = xgrad;
using numbers = xt::xtensor<float, 1>;

struct subject {
    std::string name;
    double bound = 0;               ///< in units in the last place, as the header states it
    numbers (*run)(const numbers&) = nullptr;
    double (*exact)(double) = nullptr;
    long double (*check)(long double) = nullptr;  ///< the same in long double, for the reference itself
    std::string remark{};           ///< why a bound is larger than 2
};

namespace detail {
inline constexpr auto a = xg::input<"a">(xg::axis<"n">);

template <class Op>
constexpr double stated(xg::function<Op>) {
    if constexpr (requires { Op::error; }) {
        return Op::error.ulp;
    } else {
        return Op::exact ? 0 : 0.5;
    }
}
template <class F>
constexpr double stated(F) {
    return F::error.ulp;
}
template <class F>
numbers run(const numbers& x) {
    return xg::compile<float>(F{}(a))(a = x);
}
template <class E, class R>
R exact(R x) {
    return E{}(x);
}
}  // namespace detail

/// F is called on an expression; E on a number of any kind.
template <class F, class E>
subject of(std::string name, F f, E, std::string remark = {}) {
    return {std::move(name), detail::stated(f), &detail::run<F>, &detail::exact<E, double>, &detail::exact<E, long double>, std::move(remark)};
}

std::vector<subject> ops();
std::vector<subject> activations();

/// Exact functions that the C library lacks, accurate in any R.
template <class R>
R sigmoid(R x) {
    return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x));
}
template <class R>
R softplus(R x) {
    return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x));
}
/// erfc(-x / sqrt 2) / 2; rounding the argument costs x^2 / 2 units of R, nothing to a float.
template <class R>
R normal_cdf(R x) {
    return std::erfc(x * -std::numbers::sqrt2_v<R> / 2) / 2;
}

/// log cosh(x); cosh(x) - 1 is 2 sinh(x / 2)^2.
template <class R>
R log_cosh(R x) {
    const R size = std::abs(x), half = std::sinh(size / 2);
    return size < 1 ? std::log1p(2 * half * half) : size - std::numbers::ln2_v<R> + std::log1p(std::exp(-2 * size));
}

template <class R>
R silu(R x) {
    return x < -800 ? R{0} : x * sigmoid(x);
}
template <class R>
R mish(R x) {
    if (x < -800) return 0;
    const R e = std::exp(-std::abs(x));
    return x < 0 ? x * e * (2 + e) / (2 + e * (2 + e)) : x * (1 + 2 * e) / (1 + 2 * e + 2 * e * e);
}
template <class R>
R selu(R x) {
    const R lambda = static_cast<R>(1.0507009873554804934L), alpha = static_cast<R>(1.6732632423543772848L);
    return x > 0 ? lambda * x : lambda * alpha * std::expm1(x);
}
template <class R>
R gelu_tanh(R x) {
    return x * sigmoid(2 * std::numbers::sqrt2_v<R> * std::numbers::inv_sqrtpi_v<R> * (x + x * x * x * 44715 / 1000000));
}
template <class R>
R squareplus(R x) {
    const R root = std::hypot(x, R{2});
    return x > 0 ? (x + root) / 2 : 2 / (root - x);
}
/// Near 0, where x and tanh x cancel, by the continued fraction of tanh.
template <class R>
R tanhshrink(R x) {
    if (!(std::abs(x) < 1)) return x - std::tanh(x);
    const R square = x * x;
    R tail = 31;
    for (int k = 29; k >= 3; k -= 2) tail = static_cast<R>(k) + square / tail;
    return x * square / (tail + square);
}

}  // namespace accuracy
