// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Two sequences to attend to.
// error: xgrad::multi_head_attention<"name">\(axis, n, options\.\.\.\): one option is given twice

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto steps = xg::axis<"steps">;
constexpr auto x = xg::input<"x">(batch, steps, 8_c);
constexpr auto y = xg::input<"y">(batch, steps, 8_c);
#ifdef TWIN
constexpr auto seen = xg::multi_head_attention<"a">(steps, 8_c, xg::attend_to(steps, y))(x);
#else
constexpr auto seen = xg::multi_head_attention<"a">(steps, 8_c, xg::attend_to(steps, y), xg::attend_to(steps, x))(x);
#endif
