// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// An element of one number for each row, beside rows of four: it would be taken for a row of four.
// error: xgrad: operands of an elementwise op have different ranks, and their axes of one name would not meet

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto steps = xg::axis<"steps">;
#ifdef TWIN
constexpr auto x = xg::input<"x">(steps, batch, 1_c);
#else
constexpr auto x = xg::input<"x">(steps, batch);
#endif
constexpr auto s = xg::scan(steps, [](auto state, auto e) { return state + e; }, xg::broadcast(0_c, batch, 4_c), x);
