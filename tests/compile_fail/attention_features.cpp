// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Queries of other features than the keys.
// error: xgrad: attention\(q, k, v\): q and k must have the same features

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

#ifdef TWIN
constexpr auto features = 12_c;
#else
constexpr auto features = 6_c;
#endif
constexpr auto q = xg::input<"q">(xg::axis<"batch">, xg::axis<"steps">, features);
constexpr auto k = xg::input<"k">(xg::axis<"batch">, xg::axis<"steps">, 12_c);
constexpr auto y = xg::scaled_dot_product_attention(q, k, k, xg::heads(2_c));
