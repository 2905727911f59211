// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "bench.hpp"

#include <torch/torch.h>

namespace bench {

inline torch::Tensor copy(const std::vector<float>& from, std::size_t rows, std::size_t columns) {
    return torch::tensor(from).reshape({static_cast<std::int64_t>(rows), static_cast<std::int64_t>(columns)});
}
inline std::span<const float> numbers_of(const torch::Tensor& t) { return {t.data_ptr<float>(), static_cast<std::size_t>(t.numel())}; }

}  // namespace bench
