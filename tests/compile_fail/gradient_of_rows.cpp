// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// The gradient of a loss with one value a row.
// error: xgrad::gradient\(loss, x\): rank\(loss\) must be 0
// error: Fix: sum or mean the loss
// error: \b1L? == 0L?\b
// bytes GNU: 2048, Clang: 2560

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto z = xg::input<"z">(batch, 10_c);
constexpr auto t = xg::labels<"t">(batch, xg::classes(10_c));
#ifdef TWIN
constexpr auto g = xg::gradient(xg::mean(xg::cross_entropy(z, t)), z);
#else
constexpr auto g = xg::gradient(xg::cross_entropy(z, t), z);
#endif
