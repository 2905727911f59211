// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A step that returns one state of two.
// error: xgrad::scan\(axis, f, initial, elements...\): f must return an expression for each initial state

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto steps = xg::axis<"steps">;
constexpr auto x = xg::input<"x">(batch, steps, 4_c);
constexpr auto zero = xg::broadcast(0_c, batch, 4_c);
#ifdef TWIN
constexpr auto states = xg::scan(steps, [](auto a, auto b, auto e) { return std::tuple{a + e, a * b}; }, std::tuple{zero, zero}, x);
#else
constexpr auto states = xg::scan(steps, [](auto a, auto b, auto e) { return a * b + e; }, std::tuple{zero, zero}, x);
#endif
constexpr auto loss = xg::mean(std::get<0>(states));
