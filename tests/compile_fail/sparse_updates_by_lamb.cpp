// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Updates of a few rows by an optimiser that needs the norm of all.
// error: xgrad::sparse_updates<path>: the optimiser, clip_adaptive or max_norm looks at a whole parameter
// error: Fix: take an optimiser that works number by number

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto t = xg::labels<"t">(xg::axis<"batch">, xg::classes(9_c));
constexpr auto loss = xg::mean(xg::square(xg::embedding<"word">(3_c)(t)));

void train() {
#ifdef TWIN
    xg::trainer trainer{loss, xg::adam{}, xg::sparse_updates<"word">};
#else
    xg::trainer trainer{loss, xg::lamb{}, xg::sparse_updates<"word">};
#endif
}
