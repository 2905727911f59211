// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/expr/leaf.hpp>

#include <cmath>
#include <numbers>

namespace xgrad {

/// The seed of a trainer or of a shuffle: the same seed, the same numbers, on every machine.
struct seed {
    std::uint64_t value = 0;
};

/// Counter-based random numbers: the n-th number of a stream depends on the stream and n alone.
struct random_stream {
    std::uint64_t stream = 0;
    constexpr std::uint64_t bits(std::uint64_t n) const { return mix(mix(stream, 0x9e3779b97f4a7c15u), n); }
    /// In [0, 1), 53 bits.
    constexpr double uniform(std::uint64_t n) const { return static_cast<double>(bits(n) >> 11) * 0x1p-53; }
    /// Standard normal, by Box and Muller.
    double normal(std::uint64_t n) const {
        const double radius = std::sqrt(-2 * std::log1p(-uniform(2 * n)));
        return radius * std::cos(2 * std::numbers::pi * uniform(2 * n + 1));
    }
};

namespace detail {
/// A parameter's first values, as if no row of it started as zeros. The fans of [in, out] are in and out; those of [size, in, out], a window's, are size times as large.
template <class T>
void draw(const declaration& d, std::uint64_t seed_value, T* to, std::size_t count) {
    const random_stream random{mix(seed_value, digest_of(d.name))};
    const shape& s = d.extents;
    double in = s.rank >= 2 ? static_cast<double>(s[s.rank - 2].size) : 1;
    double out = s.rank >= 1 ? static_cast<double>(s[s.rank - 1].size) : 1;
    for (int i = 0; i + 2 < s.rank; ++i) {
        in *= static_cast<double>(s[i].size);
        out *= static_cast<double>(s[i].size);
    }
    double spread = 0;
    bool normal = false;
    switch (d.initialiser) {
        case initialiser_kind::zeros: break;
        case initialiser_kind::ones: std::fill(to, to + count, T{1}); return;
        case initialiser_kind::constant: std::fill(to, to + count, static_cast<T>(d.initial_value)); return;
        case initialiser_kind::glorot_uniform: spread = std::sqrt(6 / (in + out)); break;
        case initialiser_kind::he_uniform: spread = std::sqrt(6 / in); break;
        case initialiser_kind::glorot_normal: spread = std::sqrt(2 / (in + out)), normal = true; break;
        case initialiser_kind::he_normal: spread = std::sqrt(2 / in), normal = true; break;
        case initialiser_kind::lecun_normal: spread = std::sqrt(1 / in), normal = true; break;
        case initialiser_kind::standard_normal: spread = 1, normal = true; break;
    }
    for (std::size_t i = 0; i < count; ++i)
        to[i] = static_cast<T>(spread * (normal ? random.normal(i) : 2 * random.uniform(i) - 1));
}
}  // namespace detail

/// Fills a parameter's first values as its declaration says.
template <class T>
void initialise(const declaration& d, std::uint64_t seed_value, T* to, std::size_t count) {
    detail::draw(d, seed_value, to, count);
    if (d.zero_row < 0) return;
    const std::size_t row = count / static_cast<std::size_t>(d.extents[0].size);
    std::fill_n(to + static_cast<std::size_t>(d.zero_row) * row, row, T{0});
}

}  // namespace xgrad
