// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/lanes.hpp>

#include <algorithm>
#include <utility>

namespace xgrad::kernel {

/// Where an operand's rows begin: a place for all, and how far from it each is. (Outside of the kernels, so that they share the code that turns rows.)
template <class T>
struct rows_at_offsets {
    T* base;
    const std::ptrdiff_t* offset;
    XGRAD_INLINE T* operator[](std::ptrdiff_t lane) const { return base + offset[lane]; }
};

/// Rows turned into lanes and back: `turned[j * width + lane]` is the element of row `lane` in column j.
template <class T>
class transposition {
    using L = lanes<T>;
    static constexpr std::ptrdiff_t width = L::width;

public:
    /// Columns that `turned` must have room for.
    static constexpr std::ptrdiff_t padded(std::ptrdiff_t columns) { return (columns + width - 1) / width * width; }

    /// rows[lane] is where a row begins. Every one of the `width` rows is read; callers repeat the last where there are fewer.
    template <class Rows>
    static void in(const Rows rows, std::ptrdiff_t columns, std::ptrdiff_t column_stride, T* turned) {
        if (column_stride != 1 || width == 1) {
            for (std::ptrdiff_t lane = 0; lane < width; ++lane)
                for (std::ptrdiff_t j = 0; j < columns; ++j) turned[j * width + lane] = rows[lane][j * column_stride];
            return;
        }
        const std::ptrdiff_t whole = columns / width * width, rest = columns - whole;
        for (std::ptrdiff_t j = 0; j < whole; j += width) strip_in<width>(rows, j, turned);
        if (in_strips(rest)) return strips_in<width / 2>(rows, whole, rest, turned);
        strip<width> s;
        s.fill([&](std::ptrdiff_t lane) XGRAD_LAMBDA_INLINE { return from_vector(L::load_first(rows[lane] + whole, rest)); });
        s.turn();
        s.empty([&](std::ptrdiff_t k, line l) XGRAD_LAMBDA_INLINE { L::store(turned + (whole + k) * width, to_vector(l)); });
    }
    /// Columns [from, from + width) of `width` rows; `apart` is from one column's lanes to the next.
    static void square(const T* const* rows, std::ptrdiff_t from, T* turned, std::ptrdiff_t apart) {
        strip<width> s;
        s.fill([&](std::ptrdiff_t lane) XGRAD_LAMBDA_INLINE { return from_vector(L::load(rows[lane] + from)); });
        s.turn();
        s.empty([&](std::ptrdiff_t k, line l) XGRAD_LAMBDA_INLINE { L::store(turned + k * apart, to_vector(l)); });
    }
    /// The first `count` rows are written.
    template <class Rows>
    static void out(const Rows rows, std::ptrdiff_t count, std::ptrdiff_t columns, std::ptrdiff_t column_stride, const T* turned) {
        if (column_stride != 1 || width == 1 || count < width) {
            for (std::ptrdiff_t lane = 0; lane < count; ++lane)
                for (std::ptrdiff_t j = 0; j < columns; ++j) rows[lane][j * column_stride] = turned[j * width + lane];
            return;
        }
        const std::ptrdiff_t whole = columns / width * width, rest = columns - whole;
        for (std::ptrdiff_t j = 0; j < whole; j += width) strip_out<width>(rows, j, turned);
        if (in_strips(rest)) return strips_out<width / 2>(rows, whole, rest, turned);
        strip<width> s;
        s.fill([&](std::ptrdiff_t k) XGRAD_LAMBDA_INLINE { return from_vector(L::load(turned + (whole + k) * width)); });
        s.turn();
        s.empty([&](std::ptrdiff_t lane, line l) XGRAD_LAMBDA_INLINE { L::store_first(rows[lane] + whole, to_vector(l), rest); });
    }

private:
    using V = typename L::vector;
    typedef T line __attribute__((vector_size(sizeof(T) * static_cast<std::size_t>(width))));
    static XGRAD_INLINE line from_vector(V v) {
        if constexpr (L::simd) {
            return (line)static_cast<typename V::register_type>(v);
        } else {
            return line{v};
        }
    }
    static XGRAD_INLINE V to_vector(line l) {
        if constexpr (L::simd) {
            return V((typename V::register_type)l);
        } else {
            return l[0];
        }
    }

    // ---- columns that fill no vector

    /// Strips of 8, 4, 2 or 1 columns (so many as the bits of `rest`) need no masks and fewer exchanges than a square; four of them are dearer.
    static bool in_strips(std::ptrdiff_t rest) { return __builtin_popcountll(static_cast<unsigned long long>(rest)) <= 3; }
    template <std::ptrdiff_t Columns, class Rows>
    static XGRAD_INLINE void strips_in(const Rows& rows, std::ptrdiff_t j, std::ptrdiff_t rest, T* turned) {
        if constexpr (Columns > 0) {
            if (rest & Columns) {
                strip_in<Columns>(rows, j, turned);
                j += Columns;
            }
            strips_in<Columns / 2>(rows, j, rest, turned);
        }
    }
    template <std::ptrdiff_t Columns, class Rows>
    static XGRAD_INLINE void strips_out(const Rows& rows, std::ptrdiff_t j, std::ptrdiff_t rest, const T* turned) {
        if constexpr (Columns > 0) {
            if (rest & Columns) {
                strip_out<Columns>(rows, j, turned);
                j += Columns;
            }
            strips_out<Columns / 2>(rows, j, rest, turned);
        }
    }
    template <std::ptrdiff_t Columns, class Rows>
    static XGRAD_INLINE void strip_in(const Rows& rows, std::ptrdiff_t j, T* turned) {
        strip<Columns> s;
        s.fill([&](std::ptrdiff_t i) XGRAD_LAMBDA_INLINE { return joined<Columns, width>(rows, i, j); });
        s.turn();
        s.empty([&](std::ptrdiff_t k, line l) XGRAD_LAMBDA_INLINE { L::store(turned + (j + k) * width, to_vector(l)); });
    }
    template <std::ptrdiff_t Columns, class Rows>
    static XGRAD_INLINE void strip_out(const Rows& rows, std::ptrdiff_t j, const T* turned) {
        strip<Columns> s;
        s.fill([&](std::ptrdiff_t k) XGRAD_LAMBDA_INLINE { return from_vector(L::load(turned + (j + k) * width)); });
        s.turn();
        s.empty([&](std::ptrdiff_t i, line l) XGRAD_LAMBDA_INLINE { parted<Columns, width>(l, rows, i, j); });
    }

    template <std::ptrdiff_t N>
    struct of_size {
        typedef T type __attribute__((vector_size(sizeof(T) * static_cast<std::size_t>(N))));
    };
    template <std::ptrdiff_t N>
    using piece = typename of_size<N>::type;

    /// N lanes: so many columns of row i, of row i + Columns, and so on.
    template <std::ptrdiff_t Columns, std::ptrdiff_t N, class Rows>
    static XGRAD_INLINE piece<N> joined(const Rows& rows, std::ptrdiff_t i, std::ptrdiff_t j) {
        if constexpr (N == Columns) {
            piece<N> p;
            std::memcpy(&p, rows[i] + j, sizeof p);
            return p;
        } else if constexpr (N == 2) {
            return piece<2>{rows[i][j], rows[i + 1][j]};
        } else {
            const piece<N / 2> low = joined<Columns, N / 2>(rows, i, j), high = joined<Columns, N / 2>(rows, i + N / 2, j);
            return [&]<std::size_t... Lane>(std::index_sequence<Lane...>) XGRAD_LAMBDA_INLINE {
                return __builtin_shufflevector(low, high, static_cast<int>(Lane)...);
            }(std::make_index_sequence<static_cast<std::size_t>(N)>{});
        }
    }
    template <std::ptrdiff_t Columns, std::ptrdiff_t N, class Rows>
    static XGRAD_INLINE void parted(piece<N> p, const Rows& rows, std::ptrdiff_t i, std::ptrdiff_t j) {
        if constexpr (N == Columns) {
            std::memcpy(rows[i] + j, &p, sizeof p);
        } else if constexpr (N == 2) {
            rows[i][j] = p[0];
            rows[i + 1][j] = p[1];
        } else {
            [&]<std::size_t... Lane>(std::index_sequence<Lane...>) XGRAD_LAMBDA_INLINE {
                parted<Columns, N / 2>(__builtin_shufflevector(p, p, static_cast<int>(Lane)...), rows, i, j);
                parted<Columns, N / 2>(__builtin_shufflevector(p, p, static_cast<int>(N / 2 + static_cast<std::ptrdiff_t>(Lane))...), rows, i + N / 2, j);
            }(std::make_index_sequence<static_cast<std::size_t>(N / 2)>{});
        }
    }

    /// Squares of Columns x Columns side by side, as many as fill a vector: each is transposed by exchanging its quarters, then
    /// the quarters of those.
    template <std::ptrdiff_t Columns>
    struct strip {
        line row[Columns];

        template <class F>
        XGRAD_INLINE void fill(F f) {
            [&]<std::size_t... I>(std::index_sequence<I...>) XGRAD_LAMBDA_INLINE { ((row[I] = f(static_cast<std::ptrdiff_t>(I))), ...); }(lines);
        }
        template <class F>
        XGRAD_INLINE void empty(F f) const {
            [&]<std::size_t... I>(std::index_sequence<I...>) XGRAD_LAMBDA_INLINE { (f(static_cast<std::ptrdiff_t>(I), row[I]), ...); }(lines);
        }
        XGRAD_INLINE void turn() { exchange<Columns / 2>(); }

    private:
        static constexpr auto lines = std::make_index_sequence<static_cast<std::size_t>(Columns)>{};

        template <std::ptrdiff_t Distance>
        XGRAD_INLINE void exchange() {
            if constexpr (Distance > 0) {
                [&]<std::size_t... I>(std::index_sequence<I...>) XGRAD_LAMBDA_INLINE {
                    (exchange_pair<Distance, static_cast<std::ptrdiff_t>(I)>(std::make_index_sequence<static_cast<std::size_t>(width)>{}), ...);
                }(lines);
                exchange<Distance / 2>();
            }
        }
        template <std::ptrdiff_t Distance, std::ptrdiff_t I, std::size_t... Lane>
        XGRAD_INLINE void exchange_pair(std::index_sequence<Lane...>) {
            if constexpr ((I & Distance) == 0) {
                constexpr auto low = [](std::ptrdiff_t l) { return static_cast<int>(l & Distance ? width + l - Distance : l); };
                constexpr auto high = [](std::ptrdiff_t l) { return static_cast<int>(l & Distance ? width + l : l + Distance); };
                const auto a = row[I], b = row[I + Distance];
                row[I] = __builtin_shufflevector(a, b, low(static_cast<std::ptrdiff_t>(Lane))...);
                row[I + Distance] = __builtin_shufflevector(a, b, high(static_cast<std::ptrdiff_t>(Lane))...);
            }
        }
    };
};

}  // namespace xgrad::kernel
