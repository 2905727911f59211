// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A call that binds a name the formula does not have says which.
// error: a bound name is not in the formula
// error: stranger
// error: Fix: drop it, or check the spelling

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto x = xg::input<"x">(batch, 3_c);
constexpr auto w = xg::input<"slope">(3_c);
constexpr auto f = xg::compile(xg::sum(x * w, xg::axes<-1>));

auto run(const xt::xtensor<float, 2>& X, const xt::xtensor<float, 1>& W) {
#ifdef TWIN
    return f(x = X, w = W);
#else
    constexpr auto stranger = xg::input<"stranger">(3_c);
    return f(x = X, w = W, stranger = W);
#endif
}
