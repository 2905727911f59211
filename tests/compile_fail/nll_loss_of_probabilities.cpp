// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A loss of log probabilities that is given probabilities.
// error: xgrad::nll_loss\(log_p, t\): log_p must be logarithms of probabilities

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto z = xg::input<"z">(batch, 3_c);
constexpr auto t = xg::labels<"t">(batch, xg::classes(3_c));
#ifdef TWIN
constexpr auto loss = xg::mean(xg::nll_loss(xg::log_softmax(z), t));
#else
constexpr auto loss = xg::mean(xg::nll_loss(xg::softmax(z), t));
#endif
