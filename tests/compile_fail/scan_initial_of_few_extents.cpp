// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// An initial state with fewer extents than what a step makes of it.
// error: xgrad::scan\(axis, f, initial, elements...\): f must return states of the initial ones' extents

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto steps = xg::axis<"steps">;
constexpr auto x = xg::input<"x">(steps, batch, 4_c);
#ifdef TWIN
constexpr auto zero = xg::broadcast(0_c, batch, 4_c);
#else
constexpr auto zero = xg::broadcast(0_c, 4_c);
#endif
constexpr auto s = xg::scan(steps, [](auto state, auto e) { return state + e; }, zero, x);
