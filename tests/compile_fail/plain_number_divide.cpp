// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A plain number cannot reach the type of a formula.
// error: write 1_c - y instead of 1 - y
// bytes GNU: 2048, Clang: 2560

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto y = xg::input<"y">(batch, 1_c);
#ifdef TWIN
constexpr auto f = y / 3_c;
#else
constexpr auto f = y / 3;
#endif
