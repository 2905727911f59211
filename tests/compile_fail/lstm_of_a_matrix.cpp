// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A single sequence, without a batch.
// error: xgrad: a recurrent layer's input needs rank 3, with an axis of steps, a batch and features

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto steps = xg::axis<"steps">;
#ifdef TWIN
constexpr auto x = xg::input<"x">(steps, 1_c, 4_c);
#else
constexpr auto x = xg::input<"x">(steps, 4_c);
#endif
constexpr auto h = xg::lstm<"a">(steps, 8_c)(x);
