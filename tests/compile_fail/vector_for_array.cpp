// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A std::vector has no rows and columns; the message says what it was bound to.
// error: xgrad: a name is bound to what is no array of numbers
// error: xt::adapt\(v, \{rows, columns\}\)
// error: fixed_string<5>\{"rows"\}
// bytes GNU: 3584, Clang: 3072

#include <xgrad/xgrad.hpp>

#include <vector>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto x = xg::input<"rows">(xg::axis<"batch">, 3_c);
constexpr auto f = xg::compile(xg::sum(x));

double run(const std::vector<float>& v) {
#ifdef TWIN
    const std::size_t rows = v.size() / 3, columns = 3;
    return f(x = xt::adapt(v, {rows, columns}));
#else
    return f(x = v);
#endif
}
