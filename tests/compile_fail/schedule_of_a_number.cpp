// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A rate given where a schedule is wanted.
// error: xgrad::schedule\(f\): f is called with a number of steps and gives a number
// error: Fix: xg::schedule\(xg::constant_rate\{1e-3\}\)
// within: 11
// bytes GNU: 1536, Clang: 1536

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto x = xg::input<"rows">(xg::axis<"batch">, 3_c);

double run(const xt::xtensor<float, 2>& X) {
#ifdef TWIN
    xg::trainer trainer{xg::mean(xg::dense<"line">(1_c)(x)), xg::sgd{}, xg::schedule(xg::constant_rate{1e-3})};
#else
    xg::trainer trainer{xg::mean(xg::dense<"line">(1_c)(x)), xg::sgd{}, xg::schedule(1e-3)};
#endif
    return trainer.step(x = X);
}
