// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A temperature is a scale of the logits.
// error: xgrad: a loss is given one option twice

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto z = xg::input<"z">(batch, 10_c);
constexpr auto t = xg::labels<"t">(batch, xg::classes(10_c));
#ifdef TWIN
constexpr auto loss = xg::cross_entropy(z, t, xg::temperature(2_c));
#else
constexpr auto loss = xg::cross_entropy(z, t, xg::temperature(2_c), xg::logit_scale(3_c));
#endif
