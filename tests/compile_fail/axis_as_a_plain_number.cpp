// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// NumPy's way to name an axis.
// error: xgrad: an axis is no plain number and no text. Fix: xg::axes<1>, or the axis as it was declared
// bytes GNU: 4000, Clang: 4000

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto x = xg::input<"x">(xg::axis<"batch">, 4_c);
#ifdef TWIN
constexpr auto total = xg::sum(x, xg::axes<1>);
constexpr auto means = xg::mean(x, xg::axis<"batch">);
#else
constexpr auto total = xg::sum(x, 1);
constexpr auto means = xg::mean(x, "batch");
#endif
