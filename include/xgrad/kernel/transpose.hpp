// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/lanes.hpp>

#include <algorithm>
#include <utility>

namespace xgrad::kernel {

/// Rows turned into lanes and back: `turned[j * width + lane]` is the element of row `lane` in column j.
template <class T>
class transposition {
    using L = lanes<T>;
    static constexpr std::ptrdiff_t width = L::width;

public:
    /// Columns that `turned` must have room for.
    static constexpr std::ptrdiff_t padded(std::ptrdiff_t columns) { return (columns + width - 1) / width * width; }

    /// Every one of the `width` rows is read; callers repeat the last where there are fewer.
    static void in(const T* const* rows, std::ptrdiff_t columns, std::ptrdiff_t column_stride, T* turned) {
        if (column_stride != 1 || width == 1) {
            for (std::ptrdiff_t lane = 0; lane < width; ++lane)
                for (std::ptrdiff_t j = 0; j < columns; ++j) turned[j * width + lane] = rows[lane][j * column_stride];
            return;
        }
        for (std::ptrdiff_t j = 0; j < columns; j += width) {
            block b;
            const std::ptrdiff_t n = std::min(width, columns - j);
            if (n == width) {
                b.fill([&](std::ptrdiff_t lane) XGRAD_LAMBDA_INLINE { return L::load(rows[lane] + j); });
            } else {
                b.fill([&](std::ptrdiff_t lane) XGRAD_LAMBDA_INLINE { return L::load_first(rows[lane] + j, n); });
            }
            b.turn();
            b.empty([&](std::ptrdiff_t k, V v) XGRAD_LAMBDA_INLINE { L::store(turned + (j + k) * width, v); });
        }
    }
    /// Columns [from, from + width) of `width` rows; `apart` is from one column's lanes to the next.
    static void square(const T* const* rows, std::ptrdiff_t from, T* turned, std::ptrdiff_t apart) {
        block b;
        b.fill([&](std::ptrdiff_t lane) XGRAD_LAMBDA_INLINE { return L::load(rows[lane] + from); });
        b.turn();
        b.empty([&](std::ptrdiff_t k, V v) XGRAD_LAMBDA_INLINE { L::store(turned + k * apart, v); });
    }
    /// The first `count` rows are written.
    static void out(T* const* rows, std::ptrdiff_t count, std::ptrdiff_t columns, std::ptrdiff_t column_stride, const T* turned) {
        if (column_stride != 1 || width == 1 || count < width) {
            for (std::ptrdiff_t lane = 0; lane < count; ++lane)
                for (std::ptrdiff_t j = 0; j < columns; ++j) rows[lane][j * column_stride] = turned[j * width + lane];
            return;
        }
        for (std::ptrdiff_t j = 0; j < columns; j += width) {
            block b;
            const std::ptrdiff_t n = std::min(width, columns - j);
            b.fill([&](std::ptrdiff_t k) XGRAD_LAMBDA_INLINE { return L::load(turned + (j + k) * width); });
            b.turn();
            if (n == width) {
                b.empty([&](std::ptrdiff_t lane, V v) XGRAD_LAMBDA_INLINE { L::store(rows[lane] + j, v); });
            } else {
                b.empty([&](std::ptrdiff_t lane, V v) XGRAD_LAMBDA_INLINE { L::store_first(rows[lane] + j, v, n); });
            }
        }
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

    /// A square of width x width: transposed by exchanging its quarters, then the quarters of those.
    struct block {
        line row[width];

        template <class F>
        XGRAD_INLINE void fill(F f) {
            [&]<std::size_t... I>(std::index_sequence<I...>) XGRAD_LAMBDA_INLINE { ((row[I] = from_vector(f(static_cast<std::ptrdiff_t>(I)))), ...); }(lines);
        }
        template <class F>
        XGRAD_INLINE void empty(F f) const {
            [&]<std::size_t... I>(std::index_sequence<I...>) XGRAD_LAMBDA_INLINE { (f(static_cast<std::ptrdiff_t>(I), to_vector(row[I])), ...); }(lines);
        }
        XGRAD_INLINE void turn() { exchange<width / 2>(); }

    private:
        static constexpr auto lines = std::make_index_sequence<static_cast<std::size_t>(width)>{};

        template <std::ptrdiff_t Distance>
        XGRAD_INLINE void exchange() {
            if constexpr (Distance > 0) {
                [&]<std::size_t... I>(std::index_sequence<I...>) XGRAD_LAMBDA_INLINE {
                    (exchange_pair<Distance, static_cast<std::ptrdiff_t>(I)>(lines), ...);
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
