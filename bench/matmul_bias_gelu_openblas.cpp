// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "matmul_bias_gelu_pass.hpp"
#include "openblas.hpp"

namespace bench::matmul_bias_gelu {
namespace {

struct program {
    const data& given;
    bias_gelu_pass pass{given.n};
    const float* operator()() {
        multiply_square(given.n, given.a.data(), given.b.data(), pass.values.data());
        return pass(given.bias);
    }
};
const auto all = variant("openblas", [](const data& given) { return program{given}; });

}  // namespace
}  // namespace bench::matmul_bias_gelu
