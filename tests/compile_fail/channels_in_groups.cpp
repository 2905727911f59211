// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Channels that do not divide into groups of one size.
// error: xgrad::group_norm\(groups\)\(x\): the channels must divide into so many groups
// error: \b8\b
// error: \b3\b
// bytes GNU: 3072, Clang: 3072

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto x = xg::input<"x">(batch, 8_c, 5_c);
#ifdef TWIN
constexpr auto y = xg::group_norm<"norm">(4_c)(x);
#else
constexpr auto y = xg::group_norm<"norm">(3_c)(x);
#endif
