// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "matmul.hpp"
#include "onednn.hpp"

namespace bench::matmul {
namespace {

struct program {
    std::vector<float> left, right, product;
    onednn_matmul multiply;

    program(std::size_t n, const std::vector<float>& l, const std::vector<float>& r) : left(l), right(r), product(n * n), multiply(n) {}
    const float* operator()() {
        multiply(left.data(), right.data(), product.data());
        return product.data();
    }
};
const auto all = variant("onednn", [](std::size_t n, const std::vector<float>& a, const std::vector<float>& b) { return program(n, a, b); });

const char* instruction_set() {
    switch (dnnl::get_effective_cpu_isa()) {
        case dnnl::cpu_isa::sse41: return "SSE4.1";
        case dnnl::cpu_isa::avx: return "AVX";
        case dnnl::cpu_isa::avx2: return "AVX2";
        case dnnl::cpu_isa::avx2_vnni: return "AVX2 VNNI";
        default: return "AVX-512";
    }
}
[[maybe_unused]] const bool noted = [] {
    const dnnl_version_t* v = dnnl_version();
    benchmark::AddCustomContext("onednn", std::to_string(v->major) + "." + std::to_string(v->minor) + "." + std::to_string(v->patch) + ", kernels for " + instruction_set());
    return true;
}();

}  // namespace
}  // namespace bench::matmul
