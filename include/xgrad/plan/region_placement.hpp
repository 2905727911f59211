// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/plan/regions.hpp>

namespace xgrad {

namespace detail {
/// What a region's loops begin with, and what they hand on that is made elsewhere, comes before it.
template <class Grouping>
constexpr void open_region(Grouping& plan, int region) {
    const graph& g = plan.g;
    for (std::size_t k = 0; k < g.recurrences.size(); ++k) {
        const recurrence& loop = g.recurrences[k];
        if (plan.regions.region_of_loop[k] != region) continue;
        if (g[loop.carry].arity > 0) plan.materialise(g.operand(loop.carry, 0));
        if (plan.regions.region(loop.next) != region) plan.materialise(loop.next);
    }
}
/// What a region's loops hand on is in memory; nothing joins its kernels any more.
template <class Grouping>
constexpr void close_region(Grouping& plan, int region) {
    for (std::size_t k = 0; k < plan.g.recurrences.size(); ++k)
        if (plan.regions.region_of_loop[k] == region) plan.materialise(plan.g.recurrences[k].next);
    for (int n = 0; n < static_cast<int>(plan.regions.of.size()); ++n)
        if (plan.regions.is_within(plan.regions.region(n), region)) plan.not_before(n, static_cast<int>(plan.groups.size()));
}
}  // namespace detail

/// Places the nodes of a graph with loops, each region in one piece, and in it those inside it.
template <class Grouping>
constexpr void place_with_regions(Grouping& plan) {
    region_map& regions = plan.regions;
    for (std::size_t i = 0; i <= regions.order.size(); ++i) {
        const int region = i < regions.order.size() ? regions.region(regions.order[i]) : -1;
        while (!regions.is_within(region, regions.open)) {
            detail::close_region(plan, regions.open);
            regions.open = regions.around[static_cast<std::size_t>(regions.open)];
        }
        while (regions.open != region) {
            int next = region;
            while (regions.around[static_cast<std::size_t>(next)] != regions.open) next = regions.around[static_cast<std::size_t>(next)];
            detail::open_region(plan, next);
            regions.open = next;
        }
        if (i < regions.order.size()) plan.place_in_order(regions.order[i]);
    }
}

}  // namespace xgrad
