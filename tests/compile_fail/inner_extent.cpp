// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A wrong inner extent three layers deep: the sentence and both numbers first.
// error: xgrad::matmul\(a, b\): columns\(a\) must equal rows\(b\)
// error: \b65L?\b
// error: \b64L?\b
// within: 5
// bytes GNU: 2048, Clang: 2560

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto x = xg::input<"x">(batch, 32_c);

/// A layer of the user's own, made for a width of its own.
template <class In>
struct projection {
    template <class X>
    constexpr auto operator()(X h) const {
        return matmul(h, xg::parameter<"projection">(In{}, 10_c));
    }
};
#ifdef TWIN
using width = decltype(64_c);
#else
using width = decltype(65_c);
#endif

constexpr auto z = xg::sequential<"outer">(xg::sequential<"middle">(xg::sequential<"inner">(xg::dense<"hidden">(64_c), projection<width>{})))(x);
