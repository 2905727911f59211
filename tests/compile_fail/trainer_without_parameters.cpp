// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// What is to be learnt is declared as an input.
// error: xgrad::trainer: the loss has no parameters
// error: Fix: declare what is to be learnt as xg::parameter

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto x = xg::input<"x">(batch, 3_c);
constexpr auto y = xg::input<"y">(batch, 1_c);
void run() {
#ifdef TWIN
    constexpr auto w = xg::parameter<"w">(3_c, 1_c);
#else
    constexpr auto w = xg::input<"w">(3_c, 1_c);
#endif
    xg::trainer trainer{xg::mean(xg::l2(matmul(x, w), y)), xg::adam{}};
}
