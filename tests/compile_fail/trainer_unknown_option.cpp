// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A seed given as a plain number.
// error: what follows the optimiser are options such as xg::seed{1}

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto x = xg::input<"x">(xg::axis<"batch">, 3_c);

double run(const xt::xtensor<float, 2>& X) {
#ifdef TWIN
    xg::trainer trainer{sum(square(xg::dense<"line">(1_c)(x))), xg::sgd{}, xg::seed{7}};
#else
    xg::trainer trainer{sum(square(xg::dense<"line">(1_c)(x))), xg::sgd{}, 7};
#endif
    return trainer.step(x = X);
}
