// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#include "matmul.hpp"

#include <torch/torch.h>

namespace bench::matmul {
namespace {

struct program {
    torch::Tensor a, b, c;
    const float* operator()() {
        const torch::NoGradGuard forward_only;
        torch::mm_out(c, a, b);
        return c.data_ptr<float>();
    }
};
const auto all = variant("libtorch", [](std::size_t n, const std::vector<float>& a, const std::vector<float>& b) {
    const auto size = static_cast<std::int64_t>(n);
    return program{torch::tensor(a).reshape({size, size}), torch::tensor(b).reshape({size, size}), torch::empty({size, size})};
});

}  // namespace
}  // namespace bench::matmul
