// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// One memory holds numbers of one type.
// error: xgrad::share_parameters: the two trainers have numbers of different types. Fix: give both the same xg::precision
// bytes GNU: 4000, Clang: 4000

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto x = xg::input<"x">(xg::axis<"batch">, 4_c);
constexpr auto loss = xg::mean(xg::square(xg::dense<"score">(1_c)(x)));

#ifdef TWIN
using number = float;
#else
using number = double;
#endif

void pair() {
    xg::trainer one{loss, xg::sgd{}, xg::precision<number>};
    xg::trainer other{loss, xg::sgd{}, xg::share_parameters(one)};
}
