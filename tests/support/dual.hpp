// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "support/arrays.hpp"

/// Numbers that carry a derivative along, for plain loops whose gradients are wanted: a function of numbers, run once for each of them.
namespace support {

template <class T>
struct dual {
    T v{}, d{};
    constexpr dual() = default;
    constexpr dual(double x) : v(x) {}
    constexpr dual(T value, T derivative) : v(value), d(derivative) {}

    friend dual operator+(dual a, dual b) { return {a.v + b.v, a.d + b.d}; }
    friend dual operator-(dual a, dual b) { return {a.v - b.v, a.d - b.d}; }
    friend dual operator-(dual a) { return {-a.v, -a.d}; }
    friend dual operator*(dual a, dual b) { return {a.v * b.v, a.v * b.d + a.d * b.v}; }
    friend dual operator/(dual a, dual b) { return {a.v / b.v, (a.d * b.v - a.v * b.d) / (b.v * b.v)}; }
    friend dual& operator+=(dual& a, dual b) { return a = a + b; }
    friend dual exp(dual a) {
        using std::exp;
        const T y = exp(a.v);
        return {y, y * a.d};
    }
    friend dual tanh(dual a) {
        using std::tanh;
        const T y = tanh(a.v);
        return {y, (T(1) - y * y) * a.d};
    }
    friend dual log(dual a) {
        using std::log;
        return {log(a.v), a.d / a.v};
    }
    friend bool operator>(dual a, dual b) { return a.v > b.v; }
};
template <class R>
R logistic(R x) {
    using std::exp;
    return R(1) / (R(1) + exp(-x));
}

/// What a plain loop takes: arrays by number, row by row.
template <class R>
using arrays_of = std::vector<std::vector<R>>;

template <class... A>
arrays_of<double> flat(const A&... arrays) {
    return {[](const auto& one) {
        if constexpr (std::is_arithmetic_v<std::remove_cvref_t<decltype(one)>>) return std::vector<double>{static_cast<double>(one)};
        else return std::vector<double>(one.data(), one.data() + one.size());
    }(arrays)...};
}
/// The numbers with array `which` moving at element `i`.
template <class R>
arrays_of<dual<R>> moving(const arrays_of<R>& x, std::size_t which, std::size_t i) {
    arrays_of<dual<R>> made;
    for (const auto& one : x) {
        made.emplace_back();
        for (const R& number : one) made.back().push_back({number, R(0)});
    }
    made[which][i].d = R(1);
    return made;
}
/// The gradient of sum(f(x) * weights) by array `which`.
template <class F, class R>
std::vector<R> slope(F f, const arrays_of<R>& x, std::size_t which, const std::vector<double>& weights) {
    std::vector<R> made;
    for (std::size_t i = 0; i < x[which].size(); ++i) {
        const auto y = f(moving(x, which, i));
        R total{};
        for (std::size_t k = 0; k < y.size(); ++k) total += y[k].d * R(weights[k]);
        made.push_back(total);
    }
    return made;
}

/// The largest difference, relative to the number plus the largest in its array.
template <class A, class R>
double far(const A& got, const std::vector<R>& wanted) {
    const auto there = flat(got)[0];
    if (there.size() != wanted.size()) return std::numeric_limits<double>::infinity();
    double largest = 1e-300, worst = 0;
    for (const R& x : wanted) largest = std::max(largest, std::abs(static_cast<double>(x)));
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const double error = std::abs(there[i] - static_cast<double>(wanted[i])) / largest;
        worst = std::isnan(error) ? std::numeric_limits<double>::infinity() : std::max(worst, error);
    }
    return worst;
}

}  // namespace support
