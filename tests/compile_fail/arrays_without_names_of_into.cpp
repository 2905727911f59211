// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// f.into(y)(X) in place of f.into(y)(x = X), and profile(os, f, X).
// error: xgrad: arrays are given by name\. Fix: f\(x = X, t = T\)
// within: 10
// bytes GNU: 2048, Clang: 2048

#include <xgrad/show/profile.hpp>
#include <xgrad/xgrad.hpp>

#include <iostream>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto x = xg::input<"x">(xg::axis<"batch">, 3_c);
constexpr auto y = 2_c * x;

xg::tensor<float, 2> twice(const xt::xtensor<float, 2>& X) {
    auto prepared = xg::compile(y).prepare();
    xg::tensor<float, 2> result;
#ifdef TWIN
    prepared.into(result)(x = X);
    xg::profile(std::cout, prepared, x = X);
#else
    prepared.into(result)(X);
    xg::profile(std::cout, prepared, X);
#endif
    return result;
}
