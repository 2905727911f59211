// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A learning rate where the preset stands, which would be ignored.
// error: xgrad::trainer: the first field of an optimiser is its preset, and no number is one

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto x = xg::input<"x">(batch, 3_c);
void run() {
#ifdef TWIN
    xg::trainer trainer{xg::mean(xg::square(xg::dense<"score">(1_c)(x))), xg::sgd{.learning_rate = 0.5}};
#else
    xg::trainer trainer{xg::mean(xg::square(xg::dense<"score">(1_c)(x))), xg::sgd{0.5}};
#endif
}
