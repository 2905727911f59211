// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "accuracy/subject.hpp"
#include "support/normal_tail.hpp"

/// Every op of one operand.
std::vector<accuracy::subject> accuracy::ops() {
    return {
        of("abs", xg::abs, [](auto x) { return std::abs(x); }),
        of("cos", xg::cos, [](auto x) { return std::cos(x); }),
        of("decay", xg::function<xg::decay_op>{}, [](auto x) { return std::exp(-std::abs(x)); }),
        of("erf", xg::erf, [](auto x) { return std::erf(x); }),
        of("erfc", xg::erfc, [](auto x) { return std::erfc(x); }),
        of("exp", xg::exp, [](auto x) { return std::exp(x); }),
        of("expm1", xg::expm1, [](auto x) { return std::expm1(x); }),
        of("gelu", xg::gelu, [](auto x) { return x < -50 ? decltype(x){0} : x * normal_cdf(x); }),
        of("inverse_mills", xg::inverse_mills, [](auto x) { return support::inverse_mills(x); }),
        of("log", xg::log, [](auto x) { return std::log(x); }),
        of("log1mexp", xg::log1mexp, [](auto x) { return x > -std::numbers::ln2_v<decltype(x)> ? std::log(-std::expm1(x)) : std::log1p(-std::exp(x)); }),
        of("log1p", xg::log1p, [](auto x) { return std::log1p(x); }),
        of("log_cosh", xg::function<xg::log_cosh_op>{}, [](auto x) { return log_cosh(x); }),
        of("log_normal_cdf", xg::log_normal_cdf, [](auto x) { return support::log_normal_cdf(x); }),
        of("mish", xg::mish, [](auto x) { return mish(x); }),
        of("negate", xg::negate, [](auto x) { return -x; }),
        of("normal_cdf", xg::normal_cdf, [](auto x) { return normal_cdf(x); }),
        of("relu", xg::relu, [](auto x) { return x <= 0 ? decltype(x){0} : x; }),
        of("sigmoid", xg::sigmoid, [](auto x) { return sigmoid(x); }),
        of("sign", xg::sign, [](auto x) { return x > 0 ? 1 : x < 0 ? -1 : x; }),
        of("silu", xg::silu, [](auto x) { return silu(x); }),
        of("sin", xg::sin, [](auto x) { return std::sin(x); }),
        of("softplus", xg::softplus, [](auto x) { return softplus(x); }),
        of("sqrt", xg::sqrt, [](auto x) { return std::sqrt(x); }),
        of("sqrt1pm1", xg::sqrt1pm1, [](auto x) { return std::isinf(x) && x > 0 ? x : x / (1 + std::sqrt(1 + x)); }, "two sums, a root and a quotient"),
        of("square", xg::square, [](auto x) { return x * x; }),
        of("tanh", xg::tanh, [](auto x) { return std::tanh(x); }),
        of("tanhshrink", xg::tanhshrink, [](auto x) { return tanhshrink(x); }),
    };
}
