// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A name the user wrote may be bound, also where the derivative no longer depends on it.
#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto x = xg::input<"x">(batch, 3_c);
constexpr auto w = xg::input<"w">(batch, 3_c);
constexpr auto slope = xg::compile(xg::gradient(xg::sum(w * x), x));

auto run(const xt::xtensor<float, 2>& X, const xt::xtensor<float, 2>& W) { return slope(x = X, w = W); }
