// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/product.hpp>
#include <xgrad/kernel/rows.hpp>

namespace xgrad::kernel {

/// A matrix product whose tiles run through a body: bias, activation, its derivative, column sums, an optimiser's update.
template <class T, std::uint64_t Digest>
class contraction_kernel {
    using rows = row_kernel<T, Digest>;
    struct context {
        const call& c;
        typename rows::state s;
    };

public:
    static void run(const call& c) {
        context x{c, {}};
        rows::begin(c, x.s);
        product<T>::run(c.product, c.workspace, &take, &x);
        rows::end(c, x.s);
    }

private:
    static void take(void* raw, std::ptrdiff_t row, std::ptrdiff_t count, std::ptrdiff_t column, std::ptrdiff_t columns, const T* tile,
                     std::ptrdiff_t tile_stride) {
        context& x = *static_cast<context*>(raw);
        rows::rows(x.c, x.s, row, row + count, column, columns, tile, tile_stride);
    }
};

}  // namespace xgrad::kernel
