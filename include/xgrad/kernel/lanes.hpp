// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/config.hpp>
#include <xgrad/kernel/math/simd.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

namespace xgrad::kernel {

/// The one place that names xsimd (and, for masked tails, the instruction set): vectors of the widest kind the compiler was
/// told of. Without SIMD for T a vector is one T.
template <class T>
struct lanes {
#if defined(XSIMD_NO_SUPPORTED_ARCHITECTURE)
    static constexpr bool simd = false;
    using vector = T;
    using mask = bool;
    static constexpr std::ptrdiff_t width = 1;
#else
    static constexpr bool simd = true;
    using vector = xsimd::batch<T>;
    using mask = typename vector::batch_bool_type;
    static constexpr std::ptrdiff_t width = static_cast<std::ptrdiff_t>(vector::size);
#endif

    /// Whether load_first and store_first cost about as much as load and store.
#if defined(__AVX2__) || defined(XSIMD_NO_SUPPORTED_ARCHITECTURE)
    static constexpr bool masked = true;
#else
    static constexpr bool masked = false;
#endif
#if defined(__AVX512F__)
    static constexpr bool adds_under_mask = simd;  ///< an operation and a choice in one instruction
#else
    static constexpr bool adds_under_mask = false;
#endif

    static XGRAD_INLINE vector broadcast(T x) { return vector(x); }
    static XGRAD_INLINE vector load(const T* p) {
        if constexpr (simd) {
            return vector::load_unaligned(p);
        } else {
            return *p;
        }
    }
    static XGRAD_INLINE void store(T* p, vector v) {
        if constexpr (simd) {
            v.store_unaligned(p);
        } else {
            *p = v;
        }
    }
#if defined(__SSE2__)
    static constexpr bool streams = simd;  ///< can write past the caches
#else
    static constexpr bool streams = false;
#endif
    /// Past the caches, for what is larger than they are; p is aligned to a vector. `streamed` ends a series of such stores.
    static XGRAD_INLINE void stream(T* p, vector v) {
#if defined(__AVX512F__)
        if constexpr (sizeof(T) == 4) {
            _mm512_stream_ps(p, v);
        } else {
            _mm512_stream_pd(p, v);
        }
#elif defined(__AVX__)
        if constexpr (sizeof(T) == 4) {
            _mm256_stream_ps(p, v);
        } else {
            _mm256_stream_pd(p, v);
        }
#elif defined(__SSE2__)
        if constexpr (sizeof(T) == 4) {
            _mm_stream_ps(p, v);
        } else {
            _mm_stream_pd(p, v);
        }
#else
        store(p, v);
#endif
    }
    static XGRAD_INLINE void streamed() {
#if defined(__SSE2__)
        _mm_sfence();
#endif
    }
    /// Into the second-level cache, if the machine likes.
    static XGRAD_INLINE void prefetch(const T* p) {
#if defined(__GNUC__)
        __builtin_prefetch(p, 0, 2);
#else
        (void)p;
#endif
    }
    static XGRAD_INLINE vector load_strided(const T* p, std::ptrdiff_t stride, std::ptrdiff_t n) {
        alignas(64) T lane[width]{};
        for (std::ptrdiff_t i = 0; i < n; ++i) lane[i] = p[i * stride];
        return load(lane);
    }
    static XGRAD_INLINE void store_strided(T* p, std::ptrdiff_t stride, vector v, std::ptrdiff_t n) {
        alignas(64) T lane[width];
        store(lane, v);
        for (std::ptrdiff_t i = 0; i < n; ++i) p[i * stride] = lane[i];
    }

    /// f(lane) in each lane, put together in registers: a vector read from where its lanes have just been written would wait for the memory.
    template <class F>
    static XGRAD_INLINE vector each_lane(F f) {
        if constexpr (simd) {
            return [&]<std::size_t... Lane>(std::index_sequence<Lane...>) XGRAD_LAMBDA_INLINE {
                typedef T line __attribute__((vector_size(sizeof(T) * static_cast<std::size_t>(width))));
                return vector((typename vector::register_type)line{f(static_cast<std::ptrdiff_t>(Lane))...});
            }(std::make_index_sequence<static_cast<std::size_t>(width)>{});
        } else {
            return f(0);
        }
    }

    /// p[row(v) * width + lane] in each lane: one element of every column of a table that has a row for each whole number in v.
    static XGRAD_INLINE vector pick(const T* p, std::ptrdiff_t rows, vector v) {
        if constexpr (adds_under_mask) {
            if (rows <= 16) {  // fewer loads than a gather has
                vector picked = load(p), row = broadcast(T{0});
                for (std::ptrdiff_t j = 1; j < rows; ++j) {
                    row = row + broadcast(T{1});
                    picked = choose(row == v, load(p + j * width), picked);
                }
                return picked;
            }
        }
#if defined(__AVX512F__)
        if constexpr (simd && sizeof(T) == 4) {
            const __m512i lane = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
            return vector(_mm512_i32gather_ps(_mm512_add_epi32(_mm512_slli_epi32(_mm512_cvttps_epi32(v), 4), lane), p, 4));
        }
#endif
        alignas(64) T lane[width];
        store(lane, v * broadcast(T{width}));
        return each_lane([&](std::ptrdiff_t i) XGRAD_LAMBDA_INLINE { return p[static_cast<std::ptrdiff_t>(lane[i]) + i]; });
    }

    /// p[stride * v] in each lane, v being whole numbers below `count`.
    static XGRAD_INLINE vector take(const T* p, std::ptrdiff_t stride, [[maybe_unused]] std::ptrdiff_t count, vector v) {
#if defined(__AVX512F__)
        if constexpr (simd && sizeof(T) == 4)
            if (stride == 1 && count <= width) return vector(_mm512_permutexvar_ps(_mm512_cvttps_epi32(v), load_first(p, count)));
        if constexpr (simd && sizeof(T) == 4)
            return vector(_mm512_i32gather_ps(_mm512_mullo_epi32(_mm512_cvttps_epi32(v), _mm512_set1_epi32(static_cast<int>(stride))), p, 4));
#endif
        alignas(64) T lane[width];
        store(lane, v);
        return each_lane([&](std::ptrdiff_t i) XGRAD_LAMBDA_INLINE { return p[static_cast<std::ptrdiff_t>(lane[i]) * stride]; });
    }

    /// The first n lanes from memory, 0 in the others; nothing past p[n - 1] is read.
    static XGRAD_INLINE vector load_first(const T* p, std::ptrdiff_t n) {
#if defined(__AVX512F__)
        if constexpr (simd && sizeof(T) == 4) {
            return vector(_mm512_maskz_loadu_ps(static_cast<__mmask16>((1u << n) - 1), p));
        } else if constexpr (simd) {
            return vector(_mm512_maskz_loadu_pd(static_cast<__mmask8>((1u << n) - 1), p));
        } else {
            return *p;
        }
#elif defined(__AVX2__)
        if constexpr (simd && sizeof(T) == 4) {
            return vector(_mm256_maskload_ps(p, first_of_8(n)));
        } else if constexpr (simd) {
            return vector(_mm256_maskload_pd(p, first_of_4(n)));
        } else {
            return *p;
        }
#else
        return load_strided(p, 1, n);
#endif
    }
    static XGRAD_INLINE void store_first(T* p, vector v, std::ptrdiff_t n) {
#if defined(__AVX512F__)
        if constexpr (simd && sizeof(T) == 4) {
            _mm512_mask_storeu_ps(p, static_cast<__mmask16>((1u << n) - 1), v);
        } else if constexpr (simd) {
            _mm512_mask_storeu_pd(p, static_cast<__mmask8>((1u << n) - 1), v);
        } else {
            *p = v;
        }
#elif defined(__AVX2__)
        if constexpr (simd && sizeof(T) == 4) {
            _mm256_maskstore_ps(p, first_of_8(n), v);
        } else if constexpr (simd) {
            _mm256_maskstore_pd(p, first_of_4(n), v);
        } else {
            *p = v;
        }
#else
        store_strided(p, 1, v, n);
#endif
    }

    static XGRAD_INLINE vector choose(mask m, vector a, vector b) {
        if constexpr (simd) {
            return xsimd::select(m, a, b);
        } else {
            return m ? a : b;
        }
    }
    /// v where m holds, 0 elsewhere; and v where m does not hold. Where a mask has all bits of its lanes, cheaper than a choice.
    static XGRAD_INLINE vector keep(mask m, vector v) {
#if defined(__AVX__) && !defined(__AVX512F__)
        if constexpr (sizeof(T) == 4) {
            return vector(_mm256_and_ps(m, v));
        } else {
            return vector(_mm256_and_pd(m, v));
        }
#else
        return choose(m, v, broadcast(T{0}));
#endif
    }
    static XGRAD_INLINE vector drop(mask m, vector v) {
#if defined(__AVX__) && !defined(__AVX512F__)
        if constexpr (sizeof(T) == 4) {
            return vector(_mm256_andnot_ps(m, v));
        } else {
            return vector(_mm256_andnot_pd(m, v));
        }
#else
        return choose(m, broadcast(T{0}), v);
#endif
    }
    /// 0, 1, 2, ... in the lanes.
    static XGRAD_INLINE vector iota() {
        alignas(64) T lane[width];
        for (std::ptrdiff_t i = 0; i < width; ++i) lane[i] = static_cast<T>(i);
        return load(lane);
    }
    static XGRAD_INLINE T first(vector v) {
        if constexpr (simd) {
            return v.get(0);
        } else {
            return v;
        }
    }

    /// All lanes combined into one, in a fixed tree: halves onto halves.
    template <class Combine>
    static XGRAD_INLINE T fold(vector v, Combine combine) {
        if constexpr (!simd) {
            return v;
        } else {
#if defined(__AVX512F__) && defined(__AVX512DQ__)
            if constexpr (sizeof(T) == 4) {
                using half = xsimd::batch<float, xsimd::avx2>;
                return fold8(combine(half(_mm512_castps512_ps256(v)), half(_mm512_extractf32x8_ps(v, 1))), combine);
            } else {
                using half = xsimd::batch<double, xsimd::avx2>;
                return fold4(combine(half(_mm512_castpd512_pd256(v)), half(_mm512_extractf64x4_pd(v, 1))), combine);
            }
#elif defined(__AVX2__)
            if constexpr (sizeof(T) == 4) {
                return fold8(v, combine);
            } else {
                return fold4(v, combine);
            }
#else
            alignas(64) T lane[width];
            v.store_aligned(lane);
            for (std::ptrdiff_t half = width / 2; half > 0; half /= 2)
                for (std::ptrdiff_t i = 0; i < half; ++i) lane[i] = combine(lane[i], lane[i + half]);
            return lane[0];
#endif
        }
    }

private:
#if defined(__AVX2__)
    static XGRAD_INLINE __m256i first_of_8(std::ptrdiff_t n) {
        return _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(n)), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
    }
    static XGRAD_INLINE __m256i first_of_4(std::ptrdiff_t n) {
        return _mm256_cmpgt_epi64(_mm256_set1_epi64x(n), _mm256_setr_epi64x(0, 1, 2, 3));
    }
    template <class Half, class Combine>
    static XGRAD_INLINE float fold8(Half v, Combine combine) {
        using quarter = xsimd::batch<float, xsimd::sse4_2>;
        const __m256 x = v;
        quarter q = combine(quarter(_mm256_castps256_ps128(x)), quarter(_mm256_extractf128_ps(x, 1)));
        q = combine(q, quarter(_mm_movehl_ps(q, q)));
        q = combine(q, quarter(_mm_shuffle_ps(q, q, 1)));
        return _mm_cvtss_f32(q);
    }
    template <class Half, class Combine>
    static XGRAD_INLINE double fold4(Half v, Combine combine) {
        using quarter = xsimd::batch<double, xsimd::sse4_2>;
        const __m256d x = v;
        quarter q = combine(quarter(_mm256_castpd256_pd128(x)), quarter(_mm256_extractf128_pd(x, 1)));
        q = combine(q, quarter(_mm_unpackhi_pd(q, q)));
        return _mm_cvtsd_f64(q);
    }
#endif
};

/// double arithmetic one at a time: what kernels without axes run in.
struct scalar_lanes {
    static constexpr bool simd = false, adds_under_mask = false, streams = false;
    using vector = double;
    using mask = bool;
    static constexpr std::ptrdiff_t width = 1;
    static XGRAD_INLINE double broadcast(double x) { return x; }
    static XGRAD_INLINE double choose(bool m, double a, double b) { return m ? a : b; }
    static XGRAD_INLINE double keep(bool m, double v) { return m ? v : 0; }
    static XGRAD_INLINE double drop(bool m, double v) { return m ? 0 : v; }
    static XGRAD_INLINE double first(double v) { return v; }
};

}  // namespace xgrad::kernel
