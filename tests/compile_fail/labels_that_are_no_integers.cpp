// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Labels are class numbers.
// error: xgrad: labels need an array of integers
// error: Fix: bind an int32 or int64 array
// error: fixed_string<6>\{"class"\}
// bytes GNU: 4608, Clang: 3072

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto z = xg::input<"z">(xg::axis<"batch">, 3_c);
constexpr auto t = xg::labels<"class">(xg::axis<"batch">, xg::classes(3_c));
constexpr auto f = xg::compile<double>(xg::mean(xg::cross_entropy(z, t)));

#ifdef TWIN
double run(const xt::xtensor<double, 2>& Z, const xt::xtensor<int, 1>& T) { return f(z = Z, t = T); }
#else
double run(const xt::xtensor<double, 2>& Z, const xt::xtensor<double, 1>& T) { return f(z = Z, t = T); }
#endif
