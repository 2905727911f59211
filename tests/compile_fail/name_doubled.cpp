// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A call that binds a name twice says which.
// error: a name is bound twice
// error: slope

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
    return f(x = X, w = W, w = W);
#endif
}
