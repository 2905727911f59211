// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/config.hpp>
#include <xgrad/expr/text.hpp>

#include <array>
#include <cstdint>
#include <string_view>

namespace xgrad {

/// A few values side by side. Like std::array, whose subscript costs the compiler three times as much to evaluate.
template <class T, int N>
struct small_array {
    T items[N];

    constexpr const T& operator[](std::size_t i) const { return items[i]; }
    constexpr T& operator[](std::size_t i) { return items[i]; }
    constexpr T* begin() { return items; }
    constexpr T* end() { return items + N; }
    constexpr const T* begin() const { return items; }
    constexpr const T* end() const { return items + N; }
    constexpr T* data() { return items; }
    constexpr const T* data() const { return items; }
    friend constexpr bool operator==(const small_array&, const small_array&) = default;
};
/// For each axis of one tensor the axis of another, or -1.
using axis_map = small_array<std::int8_t, max_rank>;

/// The name of an extent that is known only when arrays are bound. Its address is its identity.
struct axis_name {
    std::string_view text;
};
template <fixed_string Name>
inline constexpr axis_name axis_name_for{Name};

/// What `xg::axis<"batch">` is: a dynamic extent, the same wherever the name is the same.
template <fixed_string Name>
struct dynamic_axis {
    static constexpr const axis_name* name = &axis_name_for<Name>;
};

/// One extent of a tensor: a number known to the compiler, or a name (then size is -1).
struct extent {
    std::int64_t size;
    const axis_name* name;

    constexpr bool is_dynamic() const { return size < 0; }
    constexpr bool is_one() const { return size == 1; }
    friend constexpr bool operator==(const extent&, const extent&) = default;
};

inline constexpr extent one_extent{1, nullptr};

/// The extents of a tensor, outermost first; rank 0 is a scalar. (No default initialisers here and in the plan's structs: the
/// compiler then makes large arrays of them at no cost.)
struct shape {
    int rank;
    extent extents[max_rank];

    constexpr const extent& operator[](int axis) const { return extents[axis]; }
    constexpr extent& operator[](int axis) { return extents[axis]; }
    constexpr void push_back(const extent& e) { extents[rank++] = e; }

    friend constexpr bool operator==(const shape& a, const shape& b) {
        if (a.rank != b.rank) return false;
        for (int i = 0; i < a.rank; ++i)
            if (!(a[i] == b[i])) return false;
        return true;
    }
};

/// The outcome of a shape rule: a shape, or the number of the broken requirement with the two figures that disagree.
struct shape_result {
    shape value{};
    int broken = 0;
    std::int64_t a = 0, b = 0;
};

/// NumPy broadcasting, aligned at the last axis. A static extent wins over a named one (checked when arrays are bound).
/// Two static extents that differ and are not 1 break requirement 1.
constexpr shape_result broadcast_shapes(const shape& a, const shape& b) {
    shape_result result;
    result.value.rank = a.rank > b.rank ? a.rank : b.rank;
    for (int i = 1; i <= result.value.rank; ++i) {
        const extent x = i <= a.rank ? a[a.rank - i] : one_extent;
        const extent y = i <= b.rank ? b[b.rank - i] : one_extent;
        extent& out = result.value[result.value.rank - i];
        if (x.is_one()) {
            out = y;
        } else if (y.is_one() || x == y) {
            out = x;
        } else if (x.is_dynamic() || y.is_dynamic()) {
            out = x.is_dynamic() && !y.is_dynamic() ? y : x;
        } else {
            return {{}, 1, x.size, y.size};
        }
    }
    return result;
}

/// Whether two shapes of different rank would meet in all pairs, by mistake more often than not: a named axis of the shorter one is an axis of the longer
/// one too, but not the one it meets there, as in [batch] beside [batch, 1].
constexpr bool meet_in_pairs(const shape& a, const shape& b) {
    const shape &few = a.rank < b.rank ? a : b, &many = a.rank < b.rank ? b : a;
    const int ahead = many.rank - few.rank;
    for (int i = 0; ahead > 0 && i < few.rank; ++i) {
        if (!few[i].name || many[i + ahead] == few[i]) continue;
        for (int k = 0; k < many.rank; ++k)
            if (many[k] == few[i]) return true;
    }
    return false;
}

inline namespace names {
/// An axis whose extent is known when arrays are bound: `constexpr auto batch = xg::axis<"batch">;`
template <fixed_string Name>
inline constexpr dynamic_axis<Name> axis{};
}  // namespace names

}  // namespace xgrad
