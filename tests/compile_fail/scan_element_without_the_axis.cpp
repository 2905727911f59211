// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A loop's element that does not have the axis of the steps.
// error: xgrad::scan\(axis, f, initial, elements...\): each of the elements must have the axis

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto steps = xg::axis<"steps">;
constexpr auto x = xg::input<"x">(batch, steps, 4_c);
#ifdef TWIN
constexpr auto y = xg::input<"y">(batch, steps, 4_c);
#else
constexpr auto y = xg::input<"y">(batch, 4_c);
#endif
constexpr auto s = xg::scan(steps, [](auto state, auto a, auto b) { return state + a * b; }, xg::broadcast(0_c, batch, 4_c), x, y);
