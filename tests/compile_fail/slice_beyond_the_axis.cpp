// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A range that reaches beyond its axis.
// error: xgrad::slice<from, to>\(x, axes\): 0 <= from < to <= the axis.s extent must hold
// bytes GNU: 3072, Clang: 3072

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto x = xg::input<"x">(batch, 10_c);
#ifdef TWIN
constexpr auto y = xg::slice<4, 10>(x);
#else
constexpr auto y = xg::slice<4, 12>(x);
#endif
