// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A name that no parameter has.
// error: xgrad: parameter\("name"_p\): the model has no parameter of this name. Fix: check its spelling
// bytes GNU: 3000, Clang: 3000

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto x = xg::input<"x">(xg::axis<"batch">, 4_c);
constexpr auto p = xg::softmax(xg::dense<"score">(3_c)(x));

void fill(xg::predictor<decltype(p)>& predict) {
#ifdef TWIN
    predict.parameter("score.bias"_p).fill(1);
#else
    predict.parameter("score.bais"_p);
#endif
}
