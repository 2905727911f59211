// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A number that does not say what it is.
// error: xgrad: something is given to a loss as an option that has no option.s name. Fix: name it

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto z = xg::input<"z">(batch, 10_c);
constexpr auto t = xg::labels<"t">(batch, xg::classes(10_c));
#ifdef TWIN
constexpr auto loss = xg::cross_entropy(z, t, xg::label_smoothing(0.1_c));
#else
constexpr auto loss = xg::cross_entropy(z, t, 0.1_c);
#endif
