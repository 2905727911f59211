// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/extents.hpp>

#include <algorithm>

namespace xgrad::kernel {

/// How one call's work is cut for threads. Where its parts need sums of their own (over rows, say), their number follows from
/// the extents alone and the sums are put together in order, so that a result does not depend on the number of threads; else
/// any cut gives the same bits: a product has as many parts as threads, row kernels some more.
struct sharing {
    enum class axis { none, leading, columns };
    axis along = axis::none;
    std::ptrdiff_t unit = 1;   ///< parts are whole multiples of it
    std::ptrdiff_t parts = 1;
    bool partial = false;      ///< parts have sums of their own
    std::ptrdiff_t worth = parts;  ///< how many threads the work is worth, at most
};

class share_planner {
public:
    const plan_view& plan;
    int threads;

    /// Work of a part below which waking a thread costs more than it brings: instructions of elements, multiply-adds.
    static constexpr double elements_worthwhile = 1 << 18, products_worthwhile = 1 << 17;
    static constexpr std::ptrdiff_t most_parts = 16;
    /// Parts with sums of their own are more where there are many rows, so that few numbers are added one after the other: in float, a
    /// hundred thousand in a row lose a digit and more. Work of such a part below which making it shows; its fewest rows, so that the sums
    /// take little memory and little time to put together.
    static constexpr double sums_worthwhile = 1 << 16;
    static constexpr std::ptrdiff_t costly_to_pack = 1 << 16;  ///< elements of a product's right side; on every machine, for parts decide over bits
    static constexpr std::ptrdiff_t rows_of_sums = 256, most_sums = 64;

    /// Row kernels that run together on parts of their outermost axis.
    XGRAD_RARELY sharing of_rows(span<const step> steps, span<const call> calls) const {
        double work = 0;
        sharing made{sharing::axis::leading, 1, 1, false};
        for (std::size_t i = 0; i < steps.size(); ++i) {
            const step& s = steps[i];
            const call& c = calls[i];
            if (s.kind != step_kind::rows || s.space.rank == 0 || plan.body_of(s).scalar) return {};
            if (scatters_sums(plan, s) || (c.row_axes == 0 && needs_whole_columns(plan, s))) return {};
            made.unit = std::max(made.unit, cutting_unit(plan, s, c));
            work += static_cast<double>(c.rows * c.columns) * static_cast<double>(plan.body_of(s).instructions);
            made.partial = made.partial || sums_over_leading(s);
        }
        const std::ptrdiff_t possible = calls[0].leading / made.unit;
        made.worth = limited(work / elements_worthwhile, possible, made.partial || threads > 1 ? most_parts : 1);
        made.parts = made.partial ? std::max(made.worth, limited(work / sums_worthwhile, possible, std::min(calls[0].leading / rows_of_sums, most_sums))) : made.worth;
        return made;
    }
    /// A product: along its longer side where no sum forbids it. `share_of_rows` is the part of its rows in one call.
    XGRAD_RARELY sharing of_product(const step& s, const call& c, double share_of_rows) const {
        const contraction_call& p = c.product;
        const double work = static_cast<double>(p.batches * p.rows) * static_cast<double>(p.columns) * static_cast<double>(p.depth) * share_of_rows;
        const bool rows = (c.row_axes > 0 || c.sides_swapped) && !scatters_sums(plan, s), partial = rows && sums_over_leading(s);
        const bool columns = !c.sides_swapped && p.batches == 1 && p.columns == c.columns && columns_can_be_cut(s);
        constexpr std::ptrdiff_t rows_unit = 48, columns_unit = 64;  // whole register tiles on every machine
        if (columns && (partial || !rows || p.columns > p.rows))
            return {sharing::axis::columns, columns_unit, limited(work / products_worthwhile, c.columns / columns_unit, threads), false};
        if (!rows) return {};
        // Parts of rows pack the right side each for itself, or read it in pieces: where it is large, so many rows are worth that.
        const bool is_large = p.depth * p.columns > costly_to_pack;
        const std::ptrdiff_t unit = p.batches > 1 ? 1 : partial && is_large ? 4 * rows_unit : rows_unit;
        return {sharing::axis::leading, unit, limited(work / products_worthwhile, c.leading / unit, partial ? most_parts : threads), partial};
    }

    /// An op with a loop of its own, along its outermost axis where it says that the steps do not need each other.
    XGRAD_RARELY sharing of_whole(const step& s, const call& c) const {
        if (plan.accesses_of(s)[static_cast<std::size_t>(s.access_count - 1)].axes[0] < 0) return {};  // the result
        double elements = 0;
        for (int a = 0; a < s.access_count; ++a)
            if (c.operands[a].leading_stride) elements += static_cast<double>(c.operands[a].elements);
        constexpr double instructions = 4;  // about what an element takes in such a loop
        return {sharing::axis::leading, 1, limited(elements * instructions / elements_worthwhile, c.leading, threads), false};
    }

private:
    static std::ptrdiff_t limited(double wanted, std::ptrdiff_t possible, std::ptrdiff_t allowed) {
        return std::max<std::ptrdiff_t>(1, std::min({static_cast<std::ptrdiff_t>(wanted), possible, allowed}));
    }
    bool sums_over_leading(const step& s) const {
        const auto accesses = plan.accesses_of(s);
        for (const store& k : plan.stores_of(s))
            if (k.is_late() && accesses[k.access].axes[0] < 0) return true;
        return false;
    }
    /// Each column of the result can be finished without the others.
    bool columns_can_be_cut(const step& s) const {
        for (const instruction& k : plan.code_of(s))
            if (k.looks_along_row()) return false;
        const auto accesses = plan.accesses_of(s);
        for (const store& k : plan.stores_of(s)) {
            if (!k.is_in_columns()) return false;
            for (int p = 0; k.how == storing::add_element && p + 1 < s.space.rank; ++p)
                if (accesses[k.access].axes[static_cast<std::size_t>(p)] >= 0) return false;  // a part's sums would not be one piece of memory
        }
        return true;
    }
};

}  // namespace xgrad::kernel
