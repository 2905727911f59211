// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A rate that the compiler does not see.
// error: Fix: write 0.5_c, not 0.5

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto x = xg::input<"x">(xg::axis<"batch">, 3_c);
#ifdef TWIN
constexpr auto h = xg::dropout<"drop">(0.5_c)(x);
#else
constexpr auto h = xg::dropout<"drop">(0.5)(x);
#endif
