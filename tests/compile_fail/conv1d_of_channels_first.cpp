// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Features before steps, as PyTorch has them.
// error: xgrad::conv1d\(x\): x does not have the axis it runs over, or has it last
// within: 30
// bytes GNU: 3072, Clang: 3072

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto steps = xg::axis<"steps">;
#ifdef TWIN
constexpr auto x = xg::input<"x">(batch, steps, 8_c);
#else
constexpr auto x = xg::input<"x">(batch, 8_c, steps);
#endif
constexpr auto y = xg::conv1d<"a">(steps, 16_c, 3_c)(x);
