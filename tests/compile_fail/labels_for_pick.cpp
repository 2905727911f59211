// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// pick of something that is not labels.
// error: xgrad::pick\((x, )?t\): t must be labels
// error: Fix: declare it as xg::labels<

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto z = xg::input<"z">(batch, 10_c);
constexpr auto y = xg::input<"y">(batch);
constexpr auto t = xg::labels<"t">(batch, xg::classes(10_c));
#ifdef TWIN
constexpr auto f = xg::pick(z, t);
#else
constexpr auto f = xg::pick(z, y);
#endif
