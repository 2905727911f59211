// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A training step that leaves out the targets.
// error: a name of the formula is not bound
// error: target

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto x = xg::input<"x">(batch, 3_c);
constexpr auto y = xg::input<"target">(batch, 1_c);
constexpr auto loss = xg::mean(xg::mean_squared_error(xg::dense<"line">(1_c)(x), y));

double run(const xt::xtensor<float, 2>& X, const xt::xtensor<float, 2>& Y) {
    xg::trainer trainer{loss, xg::sgd{.learning_rate = 0.1}};
#ifdef TWIN
    return trainer.step(x = X, y = Y);
#else
    static_cast<void>(Y);
    return trainer.step(x = X);
#endif
}
