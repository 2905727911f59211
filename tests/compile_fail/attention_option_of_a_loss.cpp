// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// What every loss takes is nothing to a layer.
// error: xgrad::multi_head_attention<"name">\(axis, n, options\.\.\.\): an option is none of its own\. Fix: heads\(n\), causal, .*, attend_to\(axis, y\)\.

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto steps = xg::axis<"steps">;
constexpr auto there = xg::mask<"there">(xg::axis<"batch">, steps);
constexpr auto x = xg::input<"x">(xg::axis<"batch">, steps, 8_c);
#ifdef TWIN
constexpr auto y = xg::multi_head_attention<"a">(steps, 8_c, xg::step_mask(there))(x);
#else
constexpr auto y = xg::multi_head_attention<"a">(steps, 8_c, xg::row_mask(there))(x);
#endif
