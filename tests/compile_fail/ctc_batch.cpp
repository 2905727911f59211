// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Labels of another batch than the logits, as where time and batch are exchanged.
// error: xgrad::ctc_loss\(z, t\): z \[time, batch, classes\] and t \[batch, length\] must have the same batch
// within: 12

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto time_steps = xg::axis<"time">;
constexpr auto batch = xg::axis<"batch">;
constexpr auto t = xg::labels<"t">(batch, 4_c, xg::classes(10_c));
#ifdef TWIN
constexpr auto z = xg::input<"z">(time_steps, batch, 10_c);
#else
constexpr auto z = xg::input<"z">(batch, time_steps, 10_c);
#endif
constexpr auto loss = xg::ctc_loss(z, t);
