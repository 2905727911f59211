// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A cross-entropy on logits that is given a softmax.
// error: xgrad::cross_entropy\(z, t\): z is a probability already
// error: Fix: drop the softmax

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto z = xg::input<"z">(batch, 10_c);
constexpr auto t = xg::labels<"t">(batch, xg::classes(10_c));
#ifdef TWIN
constexpr auto loss = xg::mean(xg::cross_entropy(z, t));
#else
constexpr auto loss = xg::mean(xg::cross_entropy(softmax(z), t));
#endif
