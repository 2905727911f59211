// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A name without that of its layer.
// error: the formula has no parameter of this name. Fix: check its spelling; layers put their names before it, as in "hidden.weight"
// bytes GNU: 3000, Clang: 3000

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto x = xg::input<"x">(xg::axis<"batch">, 4_c);
constexpr auto loss = xg::mean(xg::square(xg::dense<"score">(1_c)(x)));
#ifdef TWIN
constexpr auto slope = xg::gradient(loss, "score.weight"_p);
#else
constexpr auto slope = xg::gradient(loss, "weight"_p);
#endif
