// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A schedule of a number that the optimiser does not have.
// error: the optimiser has no such number

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto x = xg::input<"x">(xg::axis<"batch">, 3_c);
constexpr auto loss = xg::mean(xg::square(xg::dense<"line">(2_c)(x)));

void train() {
#ifdef TWIN
    xg::trainer trainer{loss, xg::adam{}, xg::schedule<"beta1">(xg::linear_rate{.from = 0.8, .to = 0.9, .steps = 100})};
#else
    xg::trainer trainer{loss, xg::adam{}, xg::schedule<"momentum">(xg::linear_rate{.from = 0.8, .to = 0.9, .steps = 100})};
#endif
    (void)trainer;
}
