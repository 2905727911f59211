// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A loss on probabilities that is given logits.
// error: xgrad::binary_cross_entropy\(p, y\): p must be a probability
// error: Fix: pass logits to binary_cross_entropy_with_logits\(z, y\)

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto z = xg::input<"z">(batch, 1_c);
constexpr auto y = xg::input<"y">(batch, 1_c);
#ifdef TWIN
constexpr auto loss = xg::mean(xg::binary_cross_entropy(sigmoid(z), y));
#else
constexpr auto loss = xg::mean(xg::binary_cross_entropy(z, y));
#endif
