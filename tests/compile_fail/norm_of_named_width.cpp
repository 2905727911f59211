// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A normalising layer with a parameter a feature, of which nobody knows how many there are; without parameters it may.
// error: xgrad: a normalising layer has one parameter a feature: their extents must be numbers
// bytes GNU: 3072, Clang: 3072

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto x = xg::input<"x">(batch, xg::axis<"width">);
#ifdef TWIN
constexpr auto y = xg::sequential(xg::layer_norm<"norm", xg::norm_options{.scale = false, .bias = false}>, xg::relu)(x);
#else
constexpr auto y = xg::sequential(xg::layer_norm<"norm">, xg::relu)(x);
#endif
