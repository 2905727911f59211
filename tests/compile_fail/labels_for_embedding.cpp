// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// An embedding of numbers that are no labels.
// error: xgrad::embedding\(t\): t must be labels
// error: Fix: declare it as xg::labels
// bytes GNU: 3072, Clang: 3072

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
#ifdef TWIN
constexpr auto t = xg::labels<"t">(batch, xg::classes(10_c));
#else
constexpr auto t = xg::input<"t">(batch);
#endif
constexpr auto y = xg::embedding<"word">(8_c)(t);
