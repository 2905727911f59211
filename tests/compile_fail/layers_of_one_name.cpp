// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Two layers of one name would share their weights.
// error: xgrad::sequential\(...\): two layers have the same name
// error: Fix: rename one, or wrap them in shared\(...\)

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto x = xg::input<"x">(batch, 8_c);
#ifdef TWIN
constexpr auto z = xg::sequential(xg::dense<"a">(8_c), xg::relu, xg::shared(xg::dense<"a">(8_c)))(x);
#else
constexpr auto z = xg::sequential(xg::dense<"a">(8_c), xg::relu, xg::dense<"a">(8_c))(x);
#endif
