// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/contraction.hpp>

namespace xgrad::kernel {

/// Kernels of one row, of so few columns that the compiler lays each vector out: what a program has that is asked for one sample at a time. Nothing
/// is counted or walked; each element has the bits that the kernel for any rows gives it.
template <class T, std::uint64_t Digest, std::ptrdiff_t Columns>
class one_row_kernel : row_kernel<T, Digest> {
    using base = row_kernel<T, Digest>;
    using typename base::facts, typename base::L, typename base::context, typename base::registers, typename base::extent_of;
    static constexpr const auto& body = facts::body;
    static constexpr std::ptrdiff_t whole = Columns / L::width * L::width;  ///< columns in whole vectors
    static constexpr auto vectors = std::make_index_sequence<static_cast<std::size_t>(whole / L::width)>{};
    static constexpr auto all_phases = std::make_index_sequence<static_cast<std::size_t>(body.phases)>{};

public:
    static void run(const call& c) {
        if (c.merges || c.rows != 1 || c.columns != Columns) return base::run(c);
        row(c, nullptr);
    }
    static void run_product(const call& c) {
        using multiply = product<T>;
        if (c.merges || !multiply::template is_fixed_row<Columns>(c.product)) return contraction_kernel<T, Digest>::run(c);
        alignas(64) T tile[whole + L::width];
        multiply::template fixed_row<Columns>(c.product, tile);
        row(c, tile);
    }

private:
    static XGRAD_INLINE void row(const call& c, const T* tile) {
        typename base::state s;
        base::compute_fixed(c, s.row[0]);
        base::start_combined(c);
        base::start_totals(c, s);
        context x = base::template context_of<0>(c, s, 0, Columns);
        each_place(facts::row_accesses, [&]<std::size_t A>() XGRAD_LAMBDA_INLINE { x.data[A] = static_cast<typename base::number*>(c.operands[A].data); });
        x.tile = tile;
        base::lend(x);
        if constexpr (base::fetches) base::find_ahead(x, 0);
        passes(x, all_phases);
        base::template row_step<body.phases>(x);
        base::row_stores(x);
        base::end(c, s);
    }
    template <std::size_t... Phase>
    static XGRAD_INLINE void passes(context& x, std::index_sequence<Phase...>) {
        (pass<static_cast<int>(Phase)>(x), ...);
    }
    template <int Phase>
    static XGRAD_INLINE void pass(context& x) {
        base::template row_step<Phase>(x);
        if constexpr (facts::template has_columns<Phase>) over_columns<Phase>(x, vectors);
    }
    /// As over any row: sums of whole vectors in as many lines, then all of these, then the columns that are left.
    template <int Phase, std::size_t... Vector>
    static XGRAD_INLINE void over_columns(context& x, std::index_sequence<Vector...>) {
        constexpr std::size_t unroll = base::template unroll<Phase>, in_lines = sizeof...(Vector) / unroll * unroll;
        constexpr auto code = facts::template column_code<Phase>;
        typename base::template accumulators<unroll> acc;
        registers row;
        base::template copy_row<Phase>(row, x.row);
        base::template start_sums<Phase>(acc);
        (base::template columns<Phase, extent_of::whole>(x, row, acc.inner[Vector < in_lines ? Vector % unroll : 0], static_cast<std::ptrdiff_t>(Vector) * L::width, L::width, code), ...);
        if constexpr (sizeof...(Vector) > 0) base::template add_lines<Phase>(acc);
        if constexpr (whole < Columns) base::template columns<Phase, extent_of::part>(x, row, acc.outer, whole, Columns - whole, code);
        base::template write_labels<Phase>(x);
        base::template take_sums<Phase>(x, acc);
    }
};

}  // namespace xgrad::kernel
