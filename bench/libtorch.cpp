// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "bench.hpp"

#include <torch/torch.h>

#include <dlfcn.h>

#include <climits>
#include <cstdlib>

/// One thread, and in the results: the version, the instruction set, and the BLAS that libtorch's products really call.
namespace {

std::string blas_file() {
    const void* product = dlsym(RTLD_DEFAULT, "sgemm_");
    Dl_info found{};
    if (!product || !dladdr(product, &found)) return "none";
    char path[PATH_MAX];
    return realpath(found.dli_fname, path) ? path : found.dli_fname;
}
std::string instruction_set() {
    const std::string all = at::show_config(), key = "CPU capability usage: ";
    const auto at = all.find(key);
    return at == std::string::npos ? "unknown" : all.substr(at + key.size(), all.find('\n', at) - at - key.size());
}

[[maybe_unused]] const bool noted = [] {
    at::set_num_threads(1);
    benchmark::AddCustomContext("libtorch", TORCH_VERSION + std::string(", kernels for ") + instruction_set());
    benchmark::AddCustomContext("libtorch_blas", blas_file());
    return true;
}();

}  // namespace
