// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Positives are weighted in binary losses; cross-entropy has class weights.
// error: xgrad: this loss does not take one of the options given to it
// error: Fix: its doc lists those it takes

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto z = xg::input<"z">(batch, 10_c);
constexpr auto t = xg::labels<"t">(batch, xg::classes(10_c));
#ifdef TWIN
constexpr auto loss = xg::cross_entropy(z, t, xg::label_smoothing(0.1_c));
#else
constexpr auto loss = xg::cross_entropy(z, t, xg::pos_weight(2_c));
#endif
