// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "matmul.hpp"

#include <oneapi/dnnl/dnnl.hpp>

namespace bench::matmul {
namespace {

struct program {
    std::vector<float> left, right, product;
    dnnl::engine engine{dnnl::engine::kind::cpu, 0};
    dnnl::stream stream{engine};
    dnnl::memory a, b, c;
    dnnl::matmul multiply;

    program(std::size_t n, const std::vector<float>& l, const std::vector<float>& r) : left(l), right(r), product(n * n) {
        const auto size = static_cast<dnnl::memory::dim>(n);
        const dnnl::memory::desc square({size, size}, dnnl::memory::data_type::f32, dnnl::memory::format_tag::ab);
        a = {square, engine, left.data()};
        b = {square, engine, right.data()};
        c = {square, engine, product.data()};
#if DNNL_VERSION_MAJOR >= 3
        multiply = dnnl::matmul(dnnl::matmul::primitive_desc(engine, square, square, square));
#else
        multiply = dnnl::matmul(dnnl::matmul::primitive_desc(dnnl::matmul::desc(square, square, square), engine));
#endif
    }
    const float* operator()() {
        multiply.execute(stream, {{DNNL_ARG_SRC, a}, {DNNL_ARG_WEIGHTS, b}, {DNNL_ARG_DST, c}});
        stream.wait();
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
