// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Eleven weights for ten classes.
// error: xgrad::class_weight\(w\): w must have one number a class
// error: Fix: check its extent and the width of the logits

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto z = xg::input<"z">(batch, 10_c);
constexpr auto t = xg::labels<"t">(batch, xg::classes(10_c));
#ifdef TWIN
constexpr auto w = xg::input<"w">(10_c);
constexpr auto loss = xg::cross_entropy(z, t, xg::class_weight(w));
#else
constexpr auto w = xg::input<"w">(11_c);
constexpr auto loss = xg::cross_entropy(z, t, xg::class_weight(w));
#endif
