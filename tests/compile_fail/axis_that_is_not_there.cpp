// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A reduction over an axis the operand does not have.
// error: a reduction names an axis that its operand does not have

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto a = xg::input<"a">(batch, 3_c);
#ifdef TWIN
constexpr auto f = xg::sum(a, xg::axes<1>);
#else
constexpr auto f = xg::sum(a, xg::axes<2>);
#endif
