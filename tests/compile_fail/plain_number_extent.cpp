// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A plain 3 where the compiler must see the number.
// error: xgrad: an extent is a number such as 64_c, an integral constant, or an axis<"name">\. Fix: write 64_c, not 64\.
// within: 20
// bytes GNU: 2400, Clang: 2400

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto x = xg::input<"x">(xg::axis<"batch">, xg::axis<"steps">, 4_c);
#ifdef TWIN
constexpr auto y = xg::dense<"a">(3_c)(xg::multi_head_attention<"b">(xg::axis<"steps">, 4_c, xg::heads(4_c))(x));
#else
constexpr auto y = xg::dense<"a">(3)(xg::multi_head_attention<"b">(xg::axis<"steps">, 4_c, xg::heads(4))(x));
#endif
