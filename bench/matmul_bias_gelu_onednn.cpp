// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "matmul_bias_gelu_pass.hpp"
#include "onednn.hpp"

namespace bench::matmul_bias_gelu {
namespace {

struct program {
    const data& given;
    onednn_matmul multiply{given.n};
    bias_gelu_pass pass{given.n};
    const float* operator()() {
        multiply(given.a.data(), given.b.data(), pass.values.data());
        return pass(given.bias);
    }
};
const auto apart = variant("onednn", [](const data& given) { return program{given}; });

/// oneDNN's own fusion, with its own approximation of the error function.
struct fused_program {
    const data& given;
    onednn_matmul multiply{given.n, true};
    std::vector<float> result = std::vector<float>(given.n * given.n);
    const float* operator()() {
        multiply(given.a.data(), given.b.data(), result.data(), given.bias.data());
        return result.data();
    }
};
const auto together = variant("onednn_fused", [](const data& given) { return fused_program{given}; });

}  // namespace
}  // namespace bench::matmul_bias_gelu
