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
    using facts = body_facts<Digest>;
    /// Nothing but the product, stored element by element.
    static constexpr bool is_plain = facts::count == 1 && facts::store_count == 1 && facts::body.stores[0].how == storing::element;

    struct context {
        const call& c;
        typename rows::state s;
        explicit context(const call& c_) : c(c_) {}  // `s` stays as it is until `begin` fills it
    };

public:
    static void run(const call& c) {
        if (c.merges) return rows::merge(c);
        if constexpr (is_plain) {
            const operand& to = c.operands[facts::body.stores[0].access];
            if (!c.product.sums && is_one_matrix(c, to)) return product<T>::run_plain(c.product, c.workspace, static_cast<T*>(to.data), c.row_axes ? to.row_strides[0] : c.columns);
        }
        if (c.product.unfinished) return product<T>::run_plain(c.product, c.workspace, static_cast<T*>(c.product.sums), c.product.sums_row);
        context x(c);
        rows::begin(c, x.s);
        product<T>::run(c.product, c.workspace, {&take, &x});
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
