// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "matmul.hpp"
#include "openblas.hpp"

extern "C" {
char* openblas_get_config();
char* openblas_get_corename();
void openblas_set_num_threads(int);
}

namespace bench::matmul {
namespace {

struct program {
    std::size_t n;
    std::vector<float> a, b, c;
    const float* operator()() {
        multiply_square(n, a.data(), b.data(), c.data());
        return c.data();
    }
};
const auto all = variant("openblas", [](std::size_t n, const std::vector<float>& a, const std::vector<float>& b) { return program{n, a, b, std::vector<float>(n * n)}; });

[[maybe_unused]] const bool noted = [] {
    openblas_set_num_threads(1);
    benchmark::AddCustomContext("openblas", std::string(openblas_get_config()) + ", kernels for " + openblas_get_corename());
    return true;
}();

}  // namespace
}  // namespace bench::matmul
