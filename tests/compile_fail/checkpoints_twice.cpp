// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Two numbers of steps to keep a state after.
// error: xgrad::checkpoint_every<k>: the option is given twice

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto x = xg::input<"x">(xg::axis<"batch">, 3_c);
constexpr auto y = xg::square(x);

float run(const xt::xtensor<float, 2>& X) {
#ifdef TWIN
    return xg::compile(y, xg::checkpoint_every<8>)(x = X)(0, 0);
#else
    return xg::compile(y, xg::checkpoint_every<8>, xg::checkpoint_every<4>)(x = X)(0, 0);
#endif
}
