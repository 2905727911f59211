// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// What stands around a plain number is not reported too.
// error: xgrad: a plain number cannot stand in a formula
// error: write 1_c - y instead of 1 - y
// bytes GNU: 2560, Clang: 3584

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto p = xg::input<"p">(xg::axis<"batch">, 3_c);
constexpr auto y = xg::input<"y">(xg::axis<"batch">, 3_c);
#ifdef TWIN
constexpr auto f = xg::mean(1_c - y);
#else
constexpr auto f = xg::mean(1 - y);
#endif
