// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/ops/arithmetic.hpp>

#include <algorithm>
#include <bit>
#include <cstdint>

namespace xgrad {

namespace detail {
/// sqrt(x) where the compiler works it out, digit by digit; rounded to nearest as the instruction is.
constexpr double sqrt_of_number(double x) {
    constexpr std::uint64_t hidden = std::uint64_t{1} << 52;
    if (!(x > 0)) return x == 0 ? x : std::numeric_limits<double>::quiet_NaN();
    if (x == std::numeric_limits<double>::infinity()) return x;
    const std::uint64_t bits = std::bit_cast<std::uint64_t>(x);
    std::uint64_t m = bits & (hidden - 1);
    int exponent = static_cast<int>(bits >> 52);
    if (exponent > 0) m |= hidden;
    exponent = std::max(exponent, 1) - 1075;  // x = m 2^exponent
    for (; m < hidden; m *= 2) --exponent;
    if (exponent % 2 != 0) m *= 2, --exponent;
    std::uint64_t root = 0, rest = 0;  // 54 digits: of m, then of zeros
    for (int digit = 26; digit > -28; --digit) {
        rest = rest << 2 | (digit >= 0 ? m >> 2 * digit & 3 : 0);
        const std::uint64_t next = root << 2 | 1;
        root <<= 1;
        if (rest >= next) rest -= next, ++root;
    }
    const double power = std::bit_cast<double>(static_cast<std::uint64_t>((exponent - 54) / 2 + 1 + 1023) << 52);
    return static_cast<double>((root + 1) >> 1) * power;
}
}  // namespace detail

/// sqrt(x).
///
/// Shape       [S...]  ->  [S...]
/// Domain      x >= 0; below 0 the result is NaN
/// Derivative  0.5 / sqrt(x)
struct sqrt_op : elementwise<1> {
    static constexpr std::string_view name = "sqrt";
    static constexpr bool heavy = true, foldable = true;
    static constexpr error_bound error{.from = 0, .to = 1e30, .ulp = 2};

    template <class X>
    static constexpr auto value(X x) {
        if constexpr (std::is_same_v<X, double>)
            if (std::is_constant_evaluated()) return detail::sqrt_of_number(x);
        using std::sqrt;
        return sqrt(x);
    }
    static constexpr auto pullback(auto g, auto y, auto) { return std::tuple{number<0.5> * g / y}; }
};
inline constexpr function<sqrt_op> sqrt{};

namespace ast {
template <expression X>
constexpr made<sqrt_op, X> sqrt(X x) {
    return apply<sqrt_op>(x);
}
}  // namespace ast

}  // namespace xgrad
