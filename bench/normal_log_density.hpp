// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include "of_numbers.hpp"

/// The logarithm of the normal density, summed, for a mean and a deviation known at run time: the value and the gradient with respect to the numbers.
namespace bench::normal_log_density {

inline constexpr double mean = -0.56, deviation = 1.37;
using of_numbers::outcome;

template <class Make>
std::vector<added> variant(const std::string& name, Make make) {
    return of_numbers::variant("normal_log_density/" + name, 17, 5, make);
}

}  // namespace bench::normal_log_density
