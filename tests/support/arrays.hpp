// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/xgrad.hpp>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

/// Arrays for tests, and the distance of a number from the exact one. Nothing here calls the library's own arithmetic.
namespace support {

template <class T, std::size_t N>
using array = xt::xtensor<T, N>;

template <class T, std::size_t N>
array<T, N> shaped(const std::size_t (&extents)[N]) {
    std::array<std::size_t, N> shape{};
    std::copy(extents, extents + N, shape.begin());
    array<T, N> made = array<T, N>::from_shape(shape);
    std::fill(made.begin(), made.end(), T{});
    return made;
}
/// Uniform in [low, high), the same on every run.
template <class T, std::size_t N>
array<T, N> uniform(const std::size_t (&extents)[N], unsigned seed, double low = -2, double high = 2) {
    array<T, N> made = shaped<T>(extents);
    std::mt19937 random(seed);
    for (T& x : made) x = static_cast<T>(low + (high - low) * (static_cast<double>(random()) / 4294967296.0));
    return made;
}
template <std::size_t N>
array<std::int32_t, N> random_labels(const std::size_t (&extents)[N], unsigned seed, std::size_t classes) {
    array<std::int32_t, N> made = shaped<std::int32_t>(extents);
    std::mt19937 random(seed);
    for (std::int32_t& x : made) x = static_cast<std::int32_t>(random() % classes);
    return made;
}
template <class T>
array<T, 1> vector_of(const std::vector<T>& from) {
    array<T, 1> made = shaped<T>({from.size()});
    std::copy(from.begin(), from.end(), made.begin());
    return made;
}
template <class To, class From, std::size_t N>
array<To, N> converted(const array<From, N>& from) {
    array<To, N> made = array<To, N>::from_shape(from.shape());
    std::transform(from.begin(), from.end(), made.begin(), [](From x) { return static_cast<To>(x); });
    return made;
}

/// The distance between neighbours of type T at an exact value, at least that of the smallest normal number.
template <class T>
long double unit_in_last_place(long double exact) {
    const int exponent = std::max(std::ilogb(exact == 0 ? 1e-4000L : exact), std::numeric_limits<T>::min_exponent - 1);
    return std::ldexp(1.0L, exponent - (std::numeric_limits<T>::digits - 1));
}
/// How many of those `got` is away from `exact`; 0 where both are NaN or the same infinity.
template <class T>
double ulps(T got, long double exact) {
    if (std::isnan(exact)) return std::isnan(got) ? 0 : std::numeric_limits<double>::infinity();
    const T rounded = static_cast<T>(exact);
    if (std::isinf(rounded) || std::isinf(got)) return got == rounded ? 0 : std::numeric_limits<double>::infinity();
    if (std::isnan(got)) return std::numeric_limits<double>::infinity();
    return static_cast<double>(std::abs(static_cast<long double>(got) - exact) / unit_in_last_place<T>(exact));
}
/// |got - exact| relative to `scale`, the size of what was added up to make it.
template <class T>
double relative_error(T got, long double exact, long double scale) {
    if (std::isnan(exact) || std::isinf(exact)) return ulps(got, exact);
    if (!std::isfinite(got)) return std::numeric_limits<double>::infinity();
    return static_cast<double>(std::abs(static_cast<long double>(got) - exact) / std::max(scale, 1e-300L));
}
/// The largest relative error of an array against exact values, each with the scale |exact| + floor.
template <class A>
double largest_error(const A& got, const std::vector<long double>& exact, long double floor = 0) {
    if (got.size() != exact.size()) return std::numeric_limits<double>::infinity();
    double worst = 0;
    for (std::size_t i = 0; i < exact.size(); ++i) worst = std::max(worst, relative_error(got.data()[i], exact[i], std::abs(exact[i]) + floor));
    return worst;
}
template <class A, class B>
bool same_bits(const A& a, const B& b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(*a.data())) == 0;
}

template <class T>
inline constexpr double epsilon = static_cast<double>(std::numeric_limits<T>::epsilon());
inline constexpr long double infinity = std::numeric_limits<long double>::infinity();
inline constexpr long double nan = std::numeric_limits<long double>::quiet_NaN();

}  // namespace support
