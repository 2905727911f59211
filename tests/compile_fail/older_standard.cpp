// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Nothing is said of the standard, and the compiler's is C++17.
// standard: c++17
// error: xgrad: this is C\+\+20, and the compiler reads an older C\+\+.* Fix: compile with -std=c\+\+20
// within: 3
// bytes GNU: 1024, Clang: 1024

#include <xgrad/xgrad.hpp>

constexpr auto x = xgrad::input<"x">(xgrad::axis<"batch">);
