// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "eigen.hpp"
#include "matmul.hpp"

namespace bench::matmul {
namespace {

struct program {
    matrix a, b, c;
    const float* operator()() {
        c.noalias() = a * b;
        return c.data();
    }
};
const auto all = variant("eigen", [](std::size_t n, const std::vector<float>& a, const std::vector<float>& b) {
    return program{copy(a, n, n), copy(b, n, n), matrix(n, n)};
});
[[maybe_unused]] const bool noted = [] {
    benchmark::AddCustomContext("eigen", std::to_string(EIGEN_WORLD_VERSION) + "." + std::to_string(EIGEN_MAJOR_VERSION) + "." + std::to_string(EIGEN_MINOR_VERSION) + ", kernels for " +
                                             Eigen::SimdInstructionSetsInUse());
    return true;
}();

}  // namespace
}  // namespace bench::matmul
