// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Heads that do not divide the features.
// error: xgrad: attention\(q, k, v\): the last extents of q, k and v must be multiples of the heads

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

#ifdef TWIN
constexpr auto count = 4_c;
#else
constexpr auto count = 5_c;
#endif
constexpr auto q = xg::input<"q">(xg::axis<"batch">, xg::axis<"steps">, 12_c);
constexpr auto y = xg::scaled_dot_product_attention(q, q, q, xg::heads(count), xg::causal);
