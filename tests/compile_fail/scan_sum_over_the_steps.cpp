// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A step that sums over all axes, the steps among them.
// error: xgrad::scan\(axis, f, initial, elements...\): f must work on one step

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto steps = xg::axis<"steps">;
constexpr auto x = xg::input<"x">(steps, batch, 4_c);
#ifdef TWIN
constexpr auto s = xg::scan(steps, [](auto state, auto e) { return e - xg::mean(state, batch, xg::axes<-1>, xg::keep_axes); }, xg::broadcast(0_c, batch, 4_c), x);
#else
constexpr auto s = xg::scan(steps, [](auto state, auto e) { return e - xg::mean(state); }, xg::broadcast(0_c, batch, 4_c), x);
#endif
