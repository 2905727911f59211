// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A double array bound to a float program would lose digits.
// error: a double array is bound to a float program, which would lose digits
// error: Fix: xt::cast<float>\(X\); for a program of doubles compile<double>\(...\), or xg::precision<double>
// error: fixed_string<7>\{"signal"\}

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto x = xg::input<"signal">(batch);
#ifdef TWIN
constexpr auto f = xg::compile<double>(xg::sum(x));
#else
constexpr auto f = xg::compile(xg::sum(x));
#endif
double run(const xt::xtensor<double, 1>& X) { return f(x = X); }
