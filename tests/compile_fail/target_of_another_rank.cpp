// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A prediction [batch, 1] and a target [batch]: broadcast, they would be a loss of all pairs.
// error: a prediction and its target must have equal ranks
// error: "\[batch, 1\]".*"\[batch\]"

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto x = xg::input<"x">(batch, 3_c);
#ifdef TWIN
constexpr auto y = xg::input<"y">(batch, 1_c);
#else
constexpr auto y = xg::input<"y">(batch);
#endif
constexpr auto line = xg::dense<"line">(1_c)(x);
constexpr auto loss = xg::mean(xg::huber(line, y));
