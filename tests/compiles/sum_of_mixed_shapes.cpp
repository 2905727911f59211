// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A sum over all axes of operands that vary along different ones: a dot product of every row with one vector.
#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto x = xg::input<"x">(batch, 3_c);
constexpr auto v = xg::input<"v">(3_c);
constexpr auto u = xg::input<"u">(batch, 1_c);
constexpr auto f = xg::compile(xg::sum(x * v));
constexpr auto g = xg::compile(xg::mean(xg::square(x + v)));
constexpr auto h = xg::compile(xg::sum(xg::exp(x) * u));
