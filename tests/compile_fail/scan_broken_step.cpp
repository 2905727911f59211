// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A product inside a loop's step whose extents do not fit: its own sentence, and nothing after it, from a loop with two states.
// error: xgrad::matmul\(a, b\): columns\(a\) must equal rows\(b\)
// error: \b4L?\b
// error: \b5L?\b
// bytes GNU: 4096, Clang: 4608

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto steps = xg::axis<"steps">;
constexpr auto x = xg::input<"x">(batch, steps, 4_c);
#ifdef TWIN
constexpr auto W = xg::parameter<"W">(4_c, 4_c);
#else
constexpr auto W = xg::parameter<"W">(5_c, 4_c);
#endif
constexpr auto zero = xg::broadcast(0_c, batch, 4_c);
constexpr auto step = [](auto state, auto memory, auto e) {
    const auto next = tanh(matmul(e, W) + state);
    return std::tuple{next, memory * 0.5_c + next};
};
constexpr auto states = xg::scan(steps, step, std::tuple{zero, zero}, x);
constexpr auto after = xg::scan_back(steps, [](auto state, auto e) { return state + e; }, zero, std::get<0>(states));
constexpr auto loss = xg::mean(after + std::get<1>(states));
