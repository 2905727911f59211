// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Training on a loss with one value a row.
// error: xgrad::trainer: the loss must have rank 0
// error: Fix: mean or sum it

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto batch = xg::axis<"batch">;
constexpr auto x = xg::input<"x">(batch, 3_c);
constexpr auto t = xg::labels<"t">(batch, xg::classes(4_c));
constexpr auto rows = xg::cross_entropy(xg::dense<"score">(4_c)(x), t);
void run() {
#ifdef TWIN
    xg::trainer trainer{xg::mean(rows), xg::adam{}};
#else
    xg::trainer trainer{rows, xg::adam{}};
#endif
}
