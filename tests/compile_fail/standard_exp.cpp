// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// The standard library has no exp of a formula.
// error: xgrad: a formula is no number: it has values when a program made of it is called
// error: Fix: write exp\(x\) or xg::exp\(x\), not std::exp\(x\)
// error: fixed_string<2>\{"p"\}
// bytes GNU: 3072, Clang: 3072

#include <xgrad/xgrad.hpp>

#include <cmath>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto p = xg::input<"p">(xg::axis<"batch">, 3_c);
constexpr auto y = xg::input<"y">(xg::axis<"batch">, 3_c);
#ifdef TWIN
auto f() { return exp(p) + pow(p, 2_c); }
#else
auto f() { return std::exp(p) + std::pow(p, 2_c); }
#endif
