// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace xgrad {

/// Text as a template argument: names of inputs, parameters, axes.
template <std::size_t N>
struct fixed_string {
    char text[N]{};

    constexpr fixed_string() = default;
    constexpr fixed_string(const char (&literal)[N]) {
        for (std::size_t i = 0; i < N; ++i) text[i] = literal[i];
    }
    constexpr operator std::string_view() const { return {text, N - 1}; }
    constexpr bool empty() const { return N <= 1; }
};

/// Text of N characters as a template argument. (With its last zero written, or clang prints numbers.)
template <std::size_t N>
constexpr fixed_string<N + 1> fixed_text(std::string_view text) {
    fixed_string<N + 1> made;
    for (std::size_t i = 0; i <= N; ++i) made.text[i] = i < N ? text[i] : '\0';
    return made;
}

/// "hidden" + "." + "weight"; an empty prefix gives the name alone, and no name the prefix.
template <std::size_t N, std::size_t M>
constexpr auto join(const fixed_string<N>& prefix, const fixed_string<M>& name) {
    if constexpr (N <= 1) {
        return name;
    } else if constexpr (M <= 1) {
        return prefix;
    } else {
        fixed_string<N + M> path;
        for (std::size_t i = 0; i + 1 < N; ++i) path.text[i] = prefix.text[i];
        path.text[N - 1] = '.';
        for (std::size_t i = 0; i < M; ++i) path.text[N + i] = name.text[i];
        return path;
    }
}

/// 64-bit content hashing: an avalanche step and its use on text and types.
constexpr std::uint64_t mix(std::uint64_t seed, std::uint64_t value) {
    std::uint64_t z = (seed ^ value) + 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (z ^ (z >> 31)) + 0x632be59bd9b4e019u * seed;
}

constexpr std::uint64_t digest_of(std::string_view text) {
    std::uint64_t h = 0xcbf29ce484222325u;
    for (char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    return mix(h, text.size());
}

/// The digest of a type's own name. Ops must be named structs at namespace scope: two closures can share a name.
template <class T>
constexpr std::uint64_t type_digest() {
    return digest_of(__PRETTY_FUNCTION__);
}

}  // namespace xgrad
