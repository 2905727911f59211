// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// A path that no parameter has.
// error: a path given to freeze, rate_factor, sparse_updates, no_decay or max_norm is that of no parameter

#include <xgrad/xgrad.hpp>

namespace xg = xgrad;
using namespace xg::literals;

constexpr auto x = xg::input<"x">(xg::axis<"batch">, 3_c);
constexpr auto loss = xg::mean(xg::square(xg::sequential<"encoder">(xg::dense<"inner">(2_c))(x)));

void train() {
#ifdef TWIN
    xg::trainer trainer{loss, xg::sgd{}, xg::freeze<"encoder">};
#else
    xg::trainer trainer{loss, xg::sgd{}, xg::freeze<"decoder">};
#endif
    (void)trainer;
}
