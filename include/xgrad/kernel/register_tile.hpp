// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/lanes.hpp>
#include <xgrad/kernel/math/bits.hpp>

#include <utility>

namespace xgrad::kernel {

/// The inner loop of matrix products: `rows` by `panel` sums in registers, to which each depth adds a column of the left side times a row of the right one.
/// A sum is made from front to back, one multiply-add after the other, wherever in a register tile it is.
template <class T>
class register_tile {
    using L = lanes<T>;
    using V = typename L::vector;
    static constexpr std::ptrdiff_t width = L::width;

public:
    // Accumulators, a row of the right side, and one broadcast must fit the registers: 32, 16 and 16 of them.
#if defined(__AVX512F__)
    static constexpr int rows = 8, vectors = 3;
#elif defined(__AVX2__)
    static constexpr int rows = 6, vectors = 2;
#else
    static constexpr int rows = 4, vectors = 2;
#endif
    static constexpr int single = 4;  ///< vectors in the register tile of one row: as many chains as a multiply-add takes cycles
    static constexpr std::ptrdiff_t panel = vectors * width;

    /// Where the left side is: how far the next row is, and the next depth.
    struct left_side {
        const T* data;
        std::ptrdiff_t along, depth;
    };
    /// Where the right side is, a row of which is one piece of memory.
    struct right_side {
        const T* data;
        std::ptrdiff_t depth;
    };
    /// What register tiles one below the other are computed from, and where to.
    struct column_of_tiles {
        std::ptrdiff_t depth, columns;
        left_side left;
        right_side right;
        const T* next;  ///< right side to be read after all rows
        T* to;
        std::ptrdiff_t stride;
        bool padded;  ///< whole vectors may be written
    };

    /// `count` rows, the most at a time that there are.
    static void multiply(column_of_tiles&& t, std::ptrdiff_t count) {
        multiply_rows<rows, vectors>(t, count);
        if constexpr (rows > 4) multiply_rows<4, vectors>(t, count);
        multiply_rows<2, vectors>(t, count);
        multiply_rows<1, single>(t, count);
    }
    /// One register tile, of no more vectors than there are columns for; `next` is what will be read after it.
    template <int Rows, int Vectors>
    static XGRAD_INLINE void multiply_vectors(const column_of_tiles& t, const T* next) {
        if constexpr (Vectors > 1) {
            if (t.columns <= (Vectors - 1) * width) return multiply_vectors<Rows, Vectors - 1>(t, next);
        }
        if constexpr (Rows < rows && L::masked) {  // fewer instances to compile
            micro<Rows, Vectors, true>(t, next);
        } else if (t.columns == Vectors * width) {
            micro<Rows, Vectors, false>(t, next);
        } else {
            micro<Rows, Vectors, true>(t, next);
        }
    }
    /// a * b + c, rounded once where the processor can.
    static XGRAD_INLINE V fused(V a, V b, V c) {
        if constexpr (L::simd) {
            return math::multiply_add(a, b, c);
        } else {
            return a * b + c;
        }
    }

private:
    template <int Rows, int Vectors>
    static XGRAD_INLINE void multiply_rows(column_of_tiles& t, std::ptrdiff_t& count) {
        for (; count >= Rows; count -= Rows, t.left.data += Rows * t.left.along, t.to += Rows * t.stride)
            multiply_vectors<Rows, Vectors>(t, count < 2 * Rows ? t.next : t.right.data);
    }
    /// Rows x Vectors accumulators, one broadcast of the left and Vectors loads of the right each depth.
    /// Tail: columns end inside the last vector.
    /// (Unrolled by index packs: compilers keep an array in registers only where no loop over it is left.)
    template <int Rows, int Vectors, bool Tail>
    static XGRAD_NOINLINE void micro(const column_of_tiles& t, [[maybe_unused]] const T* next) {
        [&]<int... I, int... R, int... C>(std::integer_sequence<int, I...>, std::integer_sequence<int, R...>, std::integer_sequence<int, C...>) XGRAD_LAMBDA_INLINE {
            V sum[Rows * Vectors] = {(void(I), L::broadcast(T{0}))...};
            const T* from[Rows] = {t.left.data + R * t.left.along...};
            const T* right = t.right.data;
            const std::ptrdiff_t right_step = t.right.depth, left_step = t.left.depth;
            [[maybe_unused]] const std::ptrdiff_t last = t.columns - (Vectors - 1) * width;
            std::ptrdiff_t offset = 0;
            // A right side read where it is lies across pages: no processor guesses its next row.
            constexpr std::ptrdiff_t ahead = 24;
            const T* coming = right + ahead * right_step;
            for (std::ptrdiff_t k = t.depth; k > 0; --k, right += right_step, coming += right_step, offset += left_step) {
                const V line[Vectors] = {load<Tail && C == Vectors - 1>(right + C * width, last)...};
                if constexpr (Rows * Vectors > 12) {  // fewer multiply-adds would wait for it
                    coming = k == ahead ? next : coming;
                    (__builtin_prefetch(coming + C * width), ...);
                }
                V left;
                ((left = I % Vectors == 0 ? L::broadcast(from[I / Vectors][offset]) : left, sum[I] = fused(left, line[I % Vectors], sum[I])), ...);
            }
            T* const to = t.to;
            const std::ptrdiff_t stride = t.stride;
            (put<Tail && I % Vectors == Vectors - 1>(to + I / Vectors * stride + I % Vectors * width, sum[I], t.padded ? width : last), ...);
        }(std::make_integer_sequence<int, Rows * Vectors>{}, std::make_integer_sequence<int, Rows>{}, std::make_integer_sequence<int, Vectors>{});
    }
    template <bool Tail>
    static XGRAD_INLINE V load(const T* from, std::ptrdiff_t n) {
        if constexpr (Tail && L::masked) {
            return L::load_first(from, n);
        } else {
            return L::load(from);
        }
    }
    template <bool Tail>
    static XGRAD_INLINE void put(T* to, V v, std::ptrdiff_t n) {
        if constexpr (Tail) {
            L::store_first(to, v, n);
        } else {
            L::store(to, v);
        }
    }
};

}  // namespace xgrad::kernel
