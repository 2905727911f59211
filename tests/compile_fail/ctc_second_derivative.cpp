// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// The gradient of ctc_loss's gradient.
// error: xgrad: ctc_loss has a first derivative only
// error: Fix: take no gradient of its gradient

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto z = xg::input<"z">(xg::axis<"time">, batch, 10_c);
constexpr auto t = xg::labels<"t">(batch, 4_c, xg::classes(10_c));
constexpr auto slope = xg::gradient(xg::sum(xg::ctc_loss(z, t)), z);
#ifdef TWIN
auto program = xg::compile<float>(slope);
#else
auto program = xg::compile<float>(xg::gradient(xg::sum(slope), z));
#endif
