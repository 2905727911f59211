// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/config.hpp>

#include <cstddef>

#if defined(_OPENMP)
#include <omp.h>
#endif

namespace xgrad::kernel {

/// How many threads a program's kernels use: OpenMP's number where the user compiles with -fopenmp (OMP_NUM_THREADS,
/// omp_set_num_threads), else one. Inside a parallel region of the user's own: one. (All files of a program are to be compiled
/// with OpenMP, or none.)
inline int available_threads() {
#if defined(_OPENMP)
    return omp_in_parallel() ? 1 : omp_get_max_threads();
#else
    return 1;
#endif
}

/// f(i, thread) for every i below `count`, in any order, with as many threads as there are indices at most. What is done for one i must not depend on who does it.
template <class F>
void share(std::ptrdiff_t count, [[maybe_unused]] int threads, const F& f) {
#if defined(_OPENMP)
    if (threads > 1 && count > 1) {
        const int enough = static_cast<int>(count < threads ? count : threads);
#pragma omp parallel for schedule(dynamic, 1) num_threads(enough)
        for (std::ptrdiff_t i = 0; i < count; ++i) f(i, omp_get_thread_num());
        return;
    }
#endif
    for (std::ptrdiff_t i = 0; i < count; ++i) f(i, 0);
}

}  // namespace xgrad::kernel
