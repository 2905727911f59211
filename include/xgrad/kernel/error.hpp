// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <stdexcept>
#include <string>

namespace xgrad {

/// An array whose rank or extents do not fit the name it is bound to.
struct shape_error : std::invalid_argument {
    using std::invalid_argument::invalid_argument;
};
/// A binding that cannot be: labels out of range, a file or data set that is missing or broken.
struct binding_error : std::invalid_argument {
    using std::invalid_argument::invalid_argument;
};
/// A training step whose loss is not finite; no parameter has changed.
struct non_finite_error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

}  // namespace xgrad
