// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// An element with fewer axes than the state it is added to: its steps would stand beside the state's rows.
// error: xgrad::scan\(axis, f, initial, elements...\): f must work on one step

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto steps = xg::axis<"steps">;
#ifdef TWIN
constexpr auto x = xg::input<"x">(steps, 1_c, 4_c);
#else
constexpr auto x = xg::input<"x">(steps, 4_c);
#endif
constexpr auto s = xg::scan(steps, [](auto state, auto e) { return state + e; }, xg::broadcast(0_c, batch, 4_c), x);
