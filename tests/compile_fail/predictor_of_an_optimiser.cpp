// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A predictor does not train.
// error: xgrad::predictor: it is made of formulas, and options such as xg::precision<double>; one of what is given is neither
// bytes GNU: 4000, Clang: 4000

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto x = xg::input<"x">(xg::axis<"batch">, 4_c);
constexpr auto p = xg::softmax(xg::dense<"score">(3_c)(x));

xg::tensor<float, 2> answer(const xg::tensor<float, 2>& X) {
#ifdef TWIN
    xg::predictor predict{p, xg::seed{1}};
#else
    xg::predictor predict{p, xg::adam{}};
#endif
    return predict(x = X);
}
