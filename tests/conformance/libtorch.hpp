// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <cstdint>
#include <string>
#include <vector>

/// libtorch behind plain arrays: its headers and ours never meet in one source.
namespace libtorch {

struct tensor {
    std::vector<std::int64_t> extents;
    std::vector<double> numbers;
};
struct answer {
    tensor value;
    std::vector<tensor> gradients;  ///< of sum(value * cotangent) by the first inputs
};

/// What the elements of an output are weighted with before their sum is differentiated: sixteenths, exact in every type. A rank-0 one is not.
inline double cotangent(std::size_t i) { return 0.5 + static_cast<double>(i * 7 % 16) / 16; }

/// The function of this name (one line of libtorch.cpp's table) in double, differentiated by its first `differentiated` inputs.
answer ask(const std::string& name, const std::vector<tensor>& inputs, std::size_t differentiated);

}  // namespace libtorch
