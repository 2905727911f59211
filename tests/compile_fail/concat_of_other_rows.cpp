// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Arrays joined along their last axis whose other axes differ.
// error: xgrad::concat\(a, b, axes\): all axes but the one they are joined along must have equal extents
// bytes GNU: 3072, Clang: 3072

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto a = xg::input<"a">(batch, 3_c, 10_c);
#ifdef TWIN
constexpr auto b = xg::input<"b">(batch, 3_c, 5_c);
#else
constexpr auto b = xg::input<"b">(batch, 4_c, 5_c);
#endif
constexpr auto y = xg::concat(a, b);
