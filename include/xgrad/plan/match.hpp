// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/plan/group.hpp>

namespace xgrad {

/// Whether a group can compute a node, and along which of its axes.
///
/// What the group knows of the node's operands ties the node's iteration axes to places in its space: the axes of one element-by-element chain are
/// walked together. An axis that nothing ties takes a free place of the same extent. Operands that nobody has computed yet would come along, so they are
/// looked through, to a certain depth.
template <class Grouping>
class axis_match {
public:
    constexpr axis_match(Grouping& plan, int index) : plan_(plan), g(plan.g), in(plan.groups[static_cast<std::size_t>(index)]), index_(index) {}

    /// Gives `work`, the places of n's iteration axes (-1 for those of extent 1), or says that there are none.
    constexpr bool find(int n, axis_map& work) {
        work = every_axis(untied);
        std::uint32_t used = 0;
        if (!tie(n, work, most_depth) || !are_apart(n, work, used)) return false;
        const bool is_linked = used != 0 || in.space.rank == 0 || belongs_to_row(n) || plan_.apart;  // apart, only parts of one op ask
        return is_linked && place_untied(n, work, used) && fits(g, in, n, work) && brings_whole_rows(n, work, most_depth);
    }

private:
    static constexpr int most_depth = 8;
    static constexpr std::int8_t untied = -2;
    Grouping& plan_;
    const graph& g;
    const group& in;
    int index_;

    /// Whether a node would be computed with its user.
    constexpr bool comes_along(int n) const { return plan_.home[static_cast<std::size_t>(n)] < 0 && g[n].op->kind == op_kind::elementwise; }

    /// Ties what can be tied. False where operands disagree, or one is not there before the kernel ends.
    constexpr bool tie(int n, axis_map& work, int depth) {
        ++plan_.visits;
        const int rank = iteration_shape(g, n).rank;
        for (int k = 0; k < g[n].arity; ++k) {
            const operand_view v = view_of(g, n, k);
            axis_map seen = every_axis(untied);
            if (const placed* p = plan_.find(index_, v.node)) {
                if (p->late) return false;
                seen = p->axes;
            } else if (depth == 0 || !comes_along(v.node)) {
                continue;
            } else if (!tie(v.node, seen, depth - 1)) {
                return false;
            }
            for (int i = 0; i < rank; ++i) {
                const int axis = v.axes.items[i];
                if (axis < 0) continue;
                const std::int8_t place = seen.items[axis];
                if (place < 0) continue;
                if (work.items[i] >= 0 && work.items[i] != place) return false;
                work.items[i] = place;
            }
        }
        return true;
    }
    /// Whether each axis that is tied has a place of its own; notes these in `used`.
    constexpr bool are_apart(int n, axis_map& work, std::uint32_t& used) const {
        const shape& s = iteration_shape(g, n);
        for (int i = 0; i < s.rank; ++i) {
            if (s[i].is_one()) work.items[i] = -1;
            if (work.items[i] < 0) continue;
            if (used >> work.items[i] & 1u) return false;
            used |= 1u << work.items[i];
        }
        return true;
    }
    constexpr bool place_untied(int n, axis_map& work, std::uint32_t used) const {
        const shape& s = iteration_shape(g, n);
        for (int i = 0; i < s.rank; ++i) {
            if (work.items[i] != untied) continue;
            for (int place = 0; place < in.space.rank && work.items[i] == untied; ++place)
                if (!(used >> place & 1u) && in.space[place] == s[i]) work.items[i] = static_cast<std::int8_t>(place);
            if (work.items[i] == untied) return false;
            used |= 1u << work.items[i];
        }
        for (int i = s.rank; i < max_rank; ++i) work.items[i] = -1;
        return true;
    }

    /// Whether n is one value, and made of something that the group knows: it can be computed with the group's one row, where that is short. (A long
    /// one is cut, which a value of the whole row would not allow. An update would lie in its parameter before the last column has read that.)
    constexpr bool belongs_to_row(int n) {
        return !plan_.trains() && in.space.rank == 1 && !in.space[0].is_dynamic() && in.space[0].size <= short_row && is_value_beside_known(n, most_depth);
    }
    constexpr bool is_value_beside_known(int n, int depth) {
        ++plan_.visits;
        const shape& s = iteration_shape(g, n);
        for (int i = 0; i < s.rank; ++i)
            if (!s[i].is_one()) return false;
        for (int k = 0; k < g[n].arity; ++k) {
            const int operand = g.behind(g.operand(n, k));
            if (plan_.find(index_, operand)) return true;
            if (depth > 0 && comes_along(operand) && is_value_beside_known(operand, depth - 1)) return true;
        }
        return false;
    }

    /// Whether all that n would bring along has all column axes or none.
    constexpr bool brings_whole_rows(int n, const axis_map& work, int depth) const {
        if (in.column_axes < 2) return true;
        if (!in.all_or_none(in.column_axes, work) || !in.all_or_none(in.column_axes, result_axes(g, n, work))) return false;
        for (int k = 0; k < g[n].arity; ++k) {
            const operand_view v = view_of(g, n, k);
            const axis_map seen = places_of(g, n, v, work);
            if (!in.all_or_none(in.column_axes, seen)) return false;
            if (depth > 0 && plan_.waits(v.node) && !plan_.find(index_, v.node) && !brings_whole_rows(v.node, seen, depth - 1)) return false;
        }
        return true;
    }
};

}  // namespace xgrad
