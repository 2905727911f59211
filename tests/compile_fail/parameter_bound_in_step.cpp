// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A training step that is given an array for a parameter, which the trainer holds.
// error: a parameter is bound that the trainer holds
// error: slope

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto x = xg::input<"x">(xg::axis<"batch">, 3_c);
constexpr auto w = xg::parameter<"slope">(3_c, 1_c);

double run(const xt::xtensor<float, 2>& X, const xt::xtensor<float, 2>& W) {
    xg::trainer trainer{sum(square(matmul(x, w))), xg::sgd{.learning_rate = 0.1}};
#ifdef TWIN
    trainer.parameter("slope"_p) = W;
    return trainer.step(x = X);
#else
    return trainer.step(x = X, w = W);
#endif
}
