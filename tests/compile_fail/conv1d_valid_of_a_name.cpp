// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Without zeros there are fewer steps, which would have the same name.
// error: xgrad::conv1d\(x\): valid and stride change the number of steps, so it must be one, not a name

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
#ifdef TWIN
constexpr auto x = xg::input<"x">(batch, 100_c, 8_c);
#else
constexpr auto x = xg::input<"x">(batch, xg::axis<"steps">, 8_c);
#endif
constexpr auto y = xg::conv1d<"a">(xg::axes<1>, 16_c, 3_c, xg::valid)(x);
