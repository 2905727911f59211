// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A formula compared with a plain number.
// error: xgrad: a formula is no number
// error: x > 0_c, not x > 0
// bytes GNU: 1536, Clang: 2048

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto p = xg::input<"p">(xg::axis<"batch">, 3_c);
constexpr auto y = xg::input<"y">(xg::axis<"batch">, 3_c);
#ifdef TWIN
constexpr auto f = p > 0_c;
#else
constexpr auto f = p > 0;
#endif
