// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "of_numbers.hpp"

/// log(sum(e^x)): the value and the gradient.
namespace bench::logsumexp {

using of_numbers::outcome;

template <class Make>
std::vector<added> variant(const std::string& name, Make make) {
    return of_numbers::variant("logsumexp/" + name, 16, 4 + function_flops, make);
}

}  // namespace bench::logsumexp
