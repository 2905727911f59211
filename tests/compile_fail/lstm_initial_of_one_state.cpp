// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// An lstm has two states.
// error: xgrad: initial\(states...\): a layer needs as many as it has

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto steps = xg::axis<"steps">;
constexpr auto x = xg::input<"x">(steps, batch, 4_c);
constexpr auto h0 = xg::input<"h0">(batch, 8_c);
#ifdef TWIN
constexpr auto h = xg::lstm<"a">(steps, 8_c, xg::initial(h0, h0))(x);
#else
constexpr auto h = xg::lstm<"a">(steps, 8_c, xg::initial(h0))(x);
#endif
