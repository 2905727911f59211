// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Labels where the logits belong.
// error: xgrad::cross_entropy\(z, t\): z is labels, so the arguments have changed places

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto z = xg::input<"z">(batch, 3_c);
constexpr auto t = xg::labels<"t">(batch, xg::classes(3_c));
#ifdef TWIN
constexpr auto loss = xg::mean(xg::cross_entropy(z, t));
#else
constexpr auto loss = xg::mean(xg::cross_entropy(t, z));
#endif
