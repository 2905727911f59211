// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Ten logits for labels of eleven classes.
// error: xgrad::cross_entropy\(z, t\): the last extent of z must equal the class count of t
// error: \b10L?\b
// error: \b11L?\b
// error: Fix: check the width of the last layer
// bytes GNU: 2048, Clang: 2560

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto z = xg::input<"z">(batch, 10_c);
#ifdef TWIN
constexpr auto t = xg::labels<"t">(batch, xg::classes(10_c));
#else
constexpr auto t = xg::labels<"t">(batch, xg::classes(11_c));
#endif
constexpr auto loss = xg::mean(xg::cross_entropy(z, t));
