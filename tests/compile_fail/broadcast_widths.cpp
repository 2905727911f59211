// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Elementwise operands of different widths.
// error: an elementwise op needs equal extents, or 1
// error: \b3L?\b
// error: \b4L?\b

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto a = xg::input<"a">(batch, 3_c);
#ifdef TWIN
constexpr auto b = xg::input<"b">(batch, 3_c);
#else
constexpr auto b = xg::input<"b">(batch, 4_c);
#endif
constexpr auto f = a + b;
