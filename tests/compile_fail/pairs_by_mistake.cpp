// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// [batch] meets the 1 of [batch, 1], as in NumPy, and makes [batch, batch].
// error: have different ranks, and their axes of one name would not meet but make all pairs, as \[batch\] with \[batch, 1\] does: axes meet from the last. Fix: give both the same axes
// bytes GNU: 3000, Clang: 3000

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto p = xg::input<"p">(batch, 1_c);
constexpr auto y = xg::input<"y">(batch);
#ifdef TWIN
constexpr auto loss = xg::mean(xg::square(p - xg::reshape(y, batch, 1_c)));
constexpr auto pairs = p - xg::reshape(y, 1_c, batch);
constexpr auto weighted = xg::l2(p, p, xg::row_weight(y));
constexpr auto centred = xg::input<"x">(batch, 8_c) - xg::mean(xg::input<"x">(batch, 8_c), batch) + xg::input<"grid">(batch, batch) * y;
constexpr auto before = xg::indicator(xg::positions(batch) <= xg::reshape(xg::positions(batch), batch, 1_c));  // places, whose pairs are meant
#else
constexpr auto loss = xg::mean(xg::square(p - y));
#endif
