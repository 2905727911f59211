// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A reshape that would lose elements.
// error: xgrad::reshape\(x, extents\.\.\.\): the number of elements must stay the same
// error: \b12\b
// error: \b10\b
// bytes GNU: 3072, Clang: 3072

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto x = xg::input<"x">(batch, 3_c, 4_c);
#ifdef TWIN
constexpr auto y = xg::reshape(x, batch, 12_c);
#else
constexpr auto y = xg::reshape(x, batch, 10_c);
#endif
