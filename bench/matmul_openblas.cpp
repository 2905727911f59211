// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "matmul.hpp"

extern "C" {
void sgemm_(const char*, const char*, const int* m, const int* n, const int* k, const float* alpha, const float* a, const int* lda, const float* b, const int* ldb,
            const float* beta, float* c, const int* ldc);
char* openblas_get_config();
char* openblas_get_corename();
void openblas_set_num_threads(int);
}

namespace bench::matmul {
namespace {

struct program {
    int n;
    std::vector<float> a, b, c;
    const float* operator()() {
        const float one = 1, zero = 0;  // columns first: the transposed product of the transposed operands
        sgemm_("N", "N", &n, &n, &n, &one, b.data(), &n, a.data(), &n, &zero, c.data(), &n);
        return c.data();
    }
};
const auto all = variant("openblas", [](std::size_t n, const std::vector<float>& a, const std::vector<float>& b) {
    return program{static_cast<int>(n), a, b, std::vector<float>(n * n)};
});

[[maybe_unused]] const bool noted = [] {
    openblas_set_num_threads(1);
    benchmark::AddCustomContext("openblas", std::string(openblas_get_config()) + ", kernels for " + openblas_get_corename());
    return true;
}();

}  // namespace
}  // namespace bench::matmul
