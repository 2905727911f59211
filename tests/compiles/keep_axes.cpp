// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// The textbook softmax, as the doc of keep_axes writes it, is softmax.
#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto z = xg::input<"z">(batch, 10_c);
constexpr auto p = exp(z) / xg::sum(exp(z), xg::axes<-1>, xg::keep_axes);
static_assert(xg::same(p, xg::softmax(z)));

// A mean keeps its axes as a sum does.
static_assert(xg::same(xg::mean(z, xg::axes<-1>, xg::keep_axes), xg::sum(z, xg::axes<-1>, xg::keep_axes) / 10_c));
static_assert(xg::same(xg::mean(z, xg::keep_axes), xg::sum(z, xg::keep_axes) / xg::sum(xg::broadcast(1_c, batch, 10_c))));
