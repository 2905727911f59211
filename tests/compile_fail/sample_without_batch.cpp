// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A sample without its batch axis is not a batch.
// error: xgrad::dense\(x\): rank\(x\) must be at least 2, \[batch, features\]
// error: Fix: a single sample is a batch of one
// error: \b1L? >= 2L?\b
// bytes GNU: 2048, Clang: 2560

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
#ifdef TWIN
constexpr auto x = xg::input<"x">(1_c, 32_c);
#else
constexpr auto x = xg::input<"x">(32_c);
#endif
constexpr auto z = xg::sequential(xg::dense<"hidden">(64_c), xg::relu, xg::dense<"score">(1_c))(x);
