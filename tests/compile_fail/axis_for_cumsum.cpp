// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Running sums along an axis that is not there.
// error: xgrad: an op that works along one axis names none of its operand.s, or several
// error: Fix: positions run from 0 to rank - 1
// bytes GNU: 3072, Clang: 3072

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto x = xg::input<"x">(batch, 10_c);
#ifdef TWIN
constexpr auto y = xg::cumsum(x, xg::axes<1>);
#else
constexpr auto y = xg::cumsum(x, xg::axes<2>);
#endif
