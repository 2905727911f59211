// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A mean is not an average.
// error: xgrad::reduction<...>: it is \\?"none\\?", \\?"sum\\?", \\?"mean\\?" or \\?"batch_mean\\?"

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto z = xg::input<"z">(batch, 10_c);
constexpr auto t = xg::labels<"t">(batch, xg::classes(10_c));
#ifdef TWIN
constexpr auto loss = xg::cross_entropy(z, t, xg::reduction<"mean">);
#else
constexpr auto loss = xg::cross_entropy(z, t, xg::reduction<"average">);
#endif
