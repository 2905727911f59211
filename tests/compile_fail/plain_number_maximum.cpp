// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A plain number as the operand of an op.
// error: xgrad: a plain number cannot stand in a formula
// error: write 1_c - y instead of 1 - y
// bytes GNU: 4096, Clang: 6144

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto p = xg::input<"p">(xg::axis<"batch">, 3_c);
constexpr auto y = xg::input<"y">(xg::axis<"batch">, 3_c);
#ifdef TWIN
constexpr auto f = maximum(p, 0_c) + xg::select(p > y, y, 0_c) + max(p, 0_c);
#else
constexpr auto f = maximum(p, 0) + xg::select(p > y, y, 0) + max(p, 0);
#endif
