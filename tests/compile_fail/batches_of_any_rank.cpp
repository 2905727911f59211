// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors

// Batches of an array whose rank is known only when the program runs, as that of an xt::xarray is. (Which clang 19 does not compile at all.)
// error: arrays have a fixed rank

#include <xgrad/xgrad.hpp>

#include <vector>

struct any_rank : xt::xtensor<float, 2> {
    using shape_type = std::vector<std::size_t>;
};
#ifdef TWIN
using array = xt::xtensor<float, 2>;
#else
using array = any_rank;
#endif
std::size_t count(const array& X) { return xgrad::batches(32, X).count(); }
