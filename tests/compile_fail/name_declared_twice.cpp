// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// One name, two shapes: both are said.
// error: one name is declared twice with different extents, kinds or initialisers
// error: Fix: declare it once and use that object, or rename one
// error: fixed_string<6>\{"slope"\}.*"input \[batch, 1\]".*"input \[batch, 3\]"
// bytes GNU: 3072, Clang: 4096

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto a = xg::input<"slope">(batch, 3_c);
#ifdef TWIN
constexpr auto b = xg::input<"slope">(batch, 3_c);
#else
constexpr auto b = xg::input<"slope">(batch, 1_c);
#endif
constexpr auto f = xg::compile(xg::sum(a + b));
double run(const xt::xtensor<float, 2>& A) { return f(a = A); }
