// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// The conditional operator asks for one truth value.
// error: xgrad: a formula is no condition
// error: Fix: write select\(x > y, a, b\) in place of if
// within: 10
// bytes GNU: 3584, Clang: 4096

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto p = xg::input<"p">(xg::axis<"batch">, 3_c);
constexpr auto y = xg::input<"y">(xg::axis<"batch">, 3_c);
#ifdef TWIN
constexpr auto f = select(p > y, p, y);
#else
constexpr auto f = p > y ? p : y;
#endif
