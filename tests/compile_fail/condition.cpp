// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A comparison of formulas is no condition of the program.
// error: xgrad: a formula is no condition: x > y is decided element by element
// error: Fix: write select\(x > y, a, b\) in place of if
// bytes GNU: 1536, Clang: 2048

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto p = xg::input<"p">(xg::axis<"batch">, 3_c);
constexpr auto y = xg::input<"y">(xg::axis<"batch">, 3_c);
#ifdef TWIN
constexpr auto f = select(p > y, p, y);
#else
int f() {
    if (p > y) return 1;
    return 2;
}
#endif
