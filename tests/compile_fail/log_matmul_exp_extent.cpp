// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Scores of pairs for another number of labels.
// error: xgrad::log_matmul_exp\(p, a\): columns\(p\) must equal rows\(a\)
// error: Fix: transpose a, or check the labels of both
// bytes GNU: 3072, Clang: 3072

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto p = xg::input<"p">(batch, 10_c);
#ifdef TWIN
constexpr auto y = xg::log_matmul_exp(p, xg::parameter<"a">(10_c, 4_c));
#else
constexpr auto y = xg::log_matmul_exp(p, xg::parameter<"a">(4_c, 10_c));
#endif
