// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <cstddef>

extern "C" void sgemm_(const char*, const char*, const int* m, const int* n, const int* k, const float* alpha, const float* a, const int* lda, const float* b, const int* ldb,
                       const float* beta, float* c, const int* ldc);

namespace bench {

/// c = a b, by rows.
inline void multiply_square(std::size_t size, const float* a, const float* b, float* c) {
    const int n = static_cast<int>(size);
    const float one = 1, zero = 0;  // columns first: the transposed product of the transposed operands
    sgemm_("N", "N", &n, &n, &n, &one, b, &n, a, &n, &zero, c, &n);
}

}  // namespace bench
