// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// An input and a parameter of one name.
// error: one name is declared twice with different extents, kinds or initialisers
// error: "parameter \[3, 1\], glorot_uniform".*"input \[batch, 3\]"
// bytes GNU: 4096, Clang: 4096

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto x = xg::input<"x">(xg::axis<"batch">, 3_c);
#ifdef TWIN
constexpr auto w = xg::parameter<"w", xg::glorot_uniform>(3_c, 1_c);
#else
constexpr auto w = xg::parameter<"x", xg::glorot_uniform>(3_c, 1_c);
#endif

double train(const xt::xtensor<float, 2>& X) {
    xg::trainer trainer{xg::mean(xg::square(xg::matmul(x, w))), xg::sgd{}};
    return trainer.step(x = X);
}
