// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// step(X) in place of step(x = X).
// error: xgrad: arrays are given by name\. Fix: f\(x = X, t = T\)
// within: 10
// bytes GNU: 2048, Clang: 2048

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto x = xg::input<"x">(xg::axis<"batch">, 3_c);
constexpr auto y = xg::matmul(x, xg::parameter<"w">(3_c, 1_c));

double train(const xt::xtensor<float, 2>& X) {
    xg::trainer trainer{xg::mean(xg::square(y)), xg::sgd{}};
#ifdef TWIN
    return trainer.step(x = X);
#else
    return trainer.step(X);
#endif
}
