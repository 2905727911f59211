// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/config.hpp>

#include <stdexcept>

namespace xgrad::io {

/// A file that is not what its format says; the text names the file, the byte and what is wrong there.
struct format_error : std::runtime_error {
    using std::runtime_error::runtime_error;
};
/// A file that cannot be opened, read or written.
struct file_error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

}  // namespace xgrad::io
