// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "bench.hpp"

#include <xgrad/kernel/array.hpp>

#if __has_include(<xtensor/core/xmath.hpp>)
#include <xtensor/core/xmath.hpp>
#include <xtensor/core/xnoalias.hpp>
#include <xtensor/views/xview.hpp>
#else
#include <xtensor/xmath.hpp>
#include <xtensor/xnoalias.hpp>
#include <xtensor/xview.hpp>
#endif

/// What a careful user of plain xtensor writes: no allocation in a step, no aliasing, SIMD on.
namespace bench {

struct softmax_memory {
    explicit softmax_memory(std::size_t rows) : peak(xt::empty<float>({rows})), total(xt::empty<float>({rows})) {}
    xt::xtensor<float, 1> peak, total;
};

/// The mean loss; the gradient goes to `gradient`. Two ways, each where it is the faster one: whole arrays for short rows,
/// row by row for long ones, because broadcasting [rows, 1] leaves xtensor's SIMD path.
inline float softmax_cross_entropy(const xt::xtensor<float, 2>& z, const std::vector<std::int64_t>& target, softmax_memory& memory, xt::xtensor<float, 2>& gradient) {
    constexpr auto now = xt::evaluation_strategy::immediate;
    auto& [peak, total] = memory;
    const std::size_t rows = z.shape(0);
    const float scale = 1.0f / static_cast<float>(rows);
    if (z.shape(1) < 100) {
        xt::noalias(peak) = xt::amax(z, {1}, now);
        xt::noalias(gradient) = xt::exp(z - xt::view(peak, xt::all(), xt::newaxis()));
        xt::noalias(total) = xt::sum(gradient, {1}, now);
    } else {
        for (std::size_t i = 0; i < rows; ++i) {
            const auto row = xt::row(z, static_cast<std::ptrdiff_t>(i));
            auto out = xt::row(gradient, static_cast<std::ptrdiff_t>(i));
            peak(i) = xt::amax(row, now)();
            xt::noalias(out) = xt::exp(row - peak(i));
            total(i) = xt::sum(out, now)();
            xt::noalias(out) = out * (scale / total(i));
        }
    }
    double loss = 0;
    for (std::size_t i = 0; i < rows; ++i) loss += static_cast<double>(std::log(total(i)) + peak(i) - z(i, static_cast<std::size_t>(target[i])));
    if (z.shape(1) < 100) {
        xt::noalias(total) = scale / total;
        gradient *= xt::view(total, xt::all(), xt::newaxis());
    }
    for (std::size_t i = 0; i < rows; ++i) gradient(i, static_cast<std::size_t>(target[i])) -= scale;
    return static_cast<float>(loss / static_cast<double>(rows));
}

/// c [m, n] = a b, b [k, n] by rows, a by its two strides: rows of b stay in the cache, four of them for each visit of a row of c.
inline void multiply(const float* a, std::size_t row_stride, std::size_t column_stride, const float* b, float* __restrict c, std::size_t m, std::size_t k, std::size_t n) {
    constexpr std::size_t block = 64;
    for (std::size_t i = 0; i < m * n; ++i) c[i] = 0;
    for (std::size_t begin = 0; begin < k; begin += block) {
        const std::size_t end = std::min(begin + block, k);
        for (std::size_t i = 0; i < m; ++i) {
            const float* row = a + i * row_stride;
            float* __restrict out = c + i * n;
            std::size_t p = begin;
            for (; p + 4 <= end; p += 4) {
                const float a0 = row[p * column_stride], a1 = row[(p + 1) * column_stride], a2 = row[(p + 2) * column_stride], a3 = row[(p + 3) * column_stride];
                const float *b0 = b + p * n, *b1 = b0 + n, *b2 = b1 + n, *b3 = b2 + n;
                for (std::size_t j = 0; j < n; ++j) out[j] += a0 * b0[j] + a1 * b1[j] + a2 * b2[j] + a3 * b3[j];
            }
            for (; p < end; ++p) {
                const float a0 = row[p * column_stride];
                const float* b0 = b + p * n;
                for (std::size_t j = 0; j < n; ++j) out[j] += a0 * b0[j];
            }
        }
    }
}

}  // namespace bench
