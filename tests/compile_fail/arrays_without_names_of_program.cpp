// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// f(X) in place of f(x = X), of a program.
// error: xgrad: arrays are given by name\. Fix: f\(x = X, t = T\)
// within: 10
// bytes GNU: 2048, Clang: 2048

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto x = xg::input<"x">(xg::axis<"batch">, 3_c);
constexpr auto y = 2_c * x;

float twice(const xt::xtensor<float, 2>& X) {
    auto prepared = xg::compile(y).prepare();
#ifdef TWIN
    return prepared(x = X)(0, 0);
#else
    return prepared(X)(0, 0);
#endif
}
