// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/plan/early.hpp>
#include <xgrad/plan/group.hpp>
#include <xgrad/plan/recompute.hpp>
#include <xgrad/plan/region_placement.hpp>
#include <xgrad/plan/updates.hpp>

namespace xgrad {

/// From nodes to groups. Nodes are taken in topological order and join the newest group that one of their operands needs,
/// where the iteration spaces agree; groups are therefore always in a valid order. Cheap elementwise nodes wait for their
/// users and are computed again in each group where their operands are at hand: cheaper than a store and a load.
class grouping {
public:
    const graph& g;
    bool apart;  ///< one op a kernel (`xg::unfused`)
    growing_array<group> groups{};
    growing_array<int> home{};            ///< the group that first computes a node, or -1
    growing_array<char> stored{};         ///< whether the home group stores it
    region_map regions;
    long visits = 0;

    constexpr grouping(const graph& graph_, bool apart_) : g(graph_), apart(apart_), regions(graph_) { begin(); }

    /// The graph has grown: so do the notes about its nodes.
    constexpr void extend() {
        home.resize(g.nodes.size(), -1);
        stored.resize(g.nodes.size(), 0);
        needed_.resize(g.nodes.size(), 0);
        last_user_.resize(g.nodes.size(), -1);
        available_.resize(g.nodes.size(), 0);
        members_.resize(g.nodes.size());
    }
    /// From the start, where a node read a value along other axes than its kernel has it: this time an operand of the node, or it, has a
    /// kernel of its own. False if there is none.
    constexpr bool again() {
        if (clash_ < 0) return false;
        int apart_from_now = misplaced_ >= 0 ? misplaced_ : waits(clash_) ? clash_ : -1;
        for (int k = 0; misplaced_ < 0 && k < g[clash_].arity; ++k)
            if (const int operand = view_of(g, clash_, k).node; !is_leaf(operand) && waits(operand)) apart_from_now = operand;
        if (apart_from_now < 0) throw "xgrad: one kernel would walk a value along two of its axes at once; copy it for one of them";
        made_apart_.push_back(apart_from_now);
        begin();
        return true;
    }
    /// A group of its own for one more node, after all others; its number.
    constexpr int append_alone(int n) {
        extend();
        start(n);
        return static_cast<int>(groups.size()) - 1;
    }

    constexpr void run(const growing_array<goal>& goals) {
        trains_ = false;
        for (const goal& o : goals) {
            needed_[at(o.node)] = 1;
            trains_ = trains_ || o.target >= 0;
        }
        g.mark_sources(needed_);
        regions.find(needed_);
        if (!apart) alone_ = products_of_updates(g, goals);
        place_early_scalars();
        if (regions.empty()) {
            for (int n = 0; n < g.size(); ++n) place_in_order(n);
        } else {
            place_with_regions(*this);
        }
        for (const goal& o : goals) materialise(o.node);
    }

    constexpr bool is_leaf(int n) const { return g[n].op->kind == op_kind::leaf; }

    /// Sees to it that n is in memory (or a leaf).
    constexpr void materialise(int n) {
        if (is_leaf(n) || g[n].op->kind == op_kind::movement) return;
        if (home[at(n)] < 0) place(n);
        stored[at(n)] = 1;
    }

    /// Whether n is computed where it is needed, not where it stands.
    constexpr bool waits(int n) const {
        const op_info& op = *g[n].op;
        for (int kept : made_apart_)
            if (kept == n) return false;
        if (apart) return op.kind == op_kind::generate;  // a one-hot is its labels, in anybody's code
        return op.kind == op_kind::generate || (op.kind == op_kind::elementwise && !op.heavy && g.shape_of(n).rank > 0);
    }
    /// Places n where it stands, unless it waits for its users.
    constexpr void place_in_order(int n) {
        if (!needed_[at(n)] || is_leaf(n) || home[at(n)] >= 0) return;
        if (g[n].op->kind == op_kind::contraction || g[n].op->kind == op_kind::whole) {
            contract(n);
        } else if (g[n].op->kind != op_kind::movement && !waits(n)) {
            place(n);
        }
        note_availability(n);
    }
    /// Groups before this one cannot use n.
    constexpr void not_before(int n, int group) { available_[at(n)] = group; }
    /// What a group knows of a node, or null.
    constexpr const placed* find(int index, int node) const {
        const int place = members_.place(node, index);
        return place < 0 ? nullptr : &groups[at(index)].known[at(place)];
    }

private:
    constexpr void begin() {
        for (growing_array<int>* of : {&home, &last_user_, &available_, &origin_group_}) of->clear();
        for (growing_array<char>* of : {&stored, &needed_}) of->clear();
        groups.clear();
        groups.reserve(g.nodes.size());
        members_ = {};
        clash_ = misplaced_ = -1;
        closed_from_ = closed_to_ = 0;
        extend();
        if (apart) origin_group_.resize(g.nodes.size() + 1, -1);
    }
    bool trains_ = false;              ///< some goals are updates
    int clash_ = -1, misplaced_ = -1;  ///< the node that read so, and a one-hot whose classes are not the columns there
    growing_array<int> made_apart_{};
    growing_array<char> needed_, alone_;
    growing_array<int> last_user_;
    growing_array<int> available_;
    growing_array<int> origin_group_;
    membership members_{};
    int closed_from_ = 0, closed_to_ = 0;  ///< groups that nothing joins any more
    static constexpr std::size_t at(int i) { return static_cast<std::size_t>(i); }

    /// The first group that may use n: its home, the one after it for a late result; for waiting nodes, what they need.
    constexpr void note_availability(int n) {
        int first = 0;
        if (home[at(n)] >= 0) {
            const placed* p = find(home[at(n)], n);
            first = home[at(n)] + (p->late ? 1 : 0);
        } else {
            for (int k = 0; k < g[n].arity; ++k) {
                const int operand = g.operand(n, k);
                first = std::max(first, available_[at(operand)]);
                if (g.shape_of(operand).rank > 0) last_user_[at(n)] = std::max(last_user_[at(n)], last_user_[at(operand)]);
            }
        }
        available_[at(n)] = first;
    }

    constexpr void place_early_scalars() {
        if (apart) return;
        const growing_array<char> early = numbers_of_numbers(g, needed_);
        for (int n = 0; n < g.size(); ++n) {
            if (!early[at(n)]) continue;
            groups.empty() ? start(n) : compute(0, n, no_axes);
        }
        if (!regions.empty()) return;
        const growing_array<char> light = light_sums(g, needed_, home);
        closed_from_ = static_cast<int>(groups.size());
        for (int n = 0; n < static_cast<int>(light.size()); ++n)
            if (light[at(n)]) place_in_order(n);
        closed_to_ = static_cast<int>(groups.size());
    }
    constexpr void contract(int n) {
        for (int k = 0; k < g[n].arity; ++k) materialise(view_of_contraction(n, k));
        group made;
        made.known.reserve(24);
        made.region = regions.now(n);
        made.contraction = n;
        placed p;
        p.node = n;
        p.computed = true;
        const shape& s = g.shape_of(n);
        for (int i = 0; i < s.rank; ++i) {
            if (s[i].is_one()) continue;
            p.axes.items[i] = static_cast<std::int8_t>(made.space.rank);
            made.space.push_back(s[i]);
        }
        p.work = p.axes;
        made.column_axes = made.space.rank > 0 ? 1 : 0;
        p.late = g[n].op->kind == op_kind::whole;  // nobody joins it
        made.computed = p.late || (at(n) < alone_.size() && alone_[at(n)]) ? most_instructions : 1;
        home[at(n)] = static_cast<int>(groups.size());
        groups.push_back(made);
        learn(home[at(n)], p);
    }
    constexpr void learn(int index, const placed& p) {
        members_.add(p.node, index, static_cast<int>(groups[at(index)].known.size()));
        groups[at(index)].known.push_back(p);
    }
    constexpr int view_of_contraction(int n, int k) const {
        const int operand = g.operand(n, k);
        return g[operand].op->kind == op_kind::movement ? g.operand(operand, 0) : operand;
    }

    constexpr void place(int n) {
        ++visits;
        int first = 0, user = -1;
        for (int k = 0; k < g[n].arity; ++k) {
            const int operand = view_of(g, n, k).node;
            first = std::max(first, available_[at(operand)]);
            user = std::max(user, last_user_[at(operand)]);
        }
        const int count = static_cast<int>(groups.size());
        if (apart) {
            const int origin = g[n].origin;
            if (origin >= static_cast<int>(origin_group_.size())) origin_group_.resize(at(origin) + 1, -1);
            int& mine = origin_group_[at(origin < 0 ? 0 : origin)];
            if (origin >= 0 && mine >= first && mine < count && join(mine, n)) return;
            mine = count;
        } else {
            if (first < count && join(first, n)) return;
            if (user > first && join(user, n)) return;
            if (is_work_scalar(n))
                for (int i = count - 1; i >= first && i >= count - 4; --i)
                    if (groups[at(i)].scalar && join(i, n)) return;
        }
        start(n);
    }

    constexpr bool is_work_scalar(int n) const { return iteration_shape(g, n).rank == 0; }

    constexpr void start(int n) {
        group made;
        made.known.reserve(24);
        const shape& s = iteration_shape(g, n);
        axis_map work = no_axes;
        for (int i = 0; i < s.rank; ++i) {
            if (s[i].is_one()) continue;
            work.items[i] = static_cast<std::int8_t>(made.space.rank);
            made.space.push_back(s[i]);
        }
        made.scalar = is_work_scalar(n);
        made.region = regions.now(n);
        groups.push_back(made);
        compute(static_cast<int>(groups.size()) - 1, n, work);
    }

    /// The place of n's iteration axes in a group, from operands the group knows; -2 where nothing tells.
    constexpr bool derive(int index, int n, axis_map& work, int depth) {
        ++visits;
        for (int k = 0; k < g[n].arity; ++k) {
            const operand_view v = view_of(g, n, k);
            axis_map seen = no_axes;
            if (const placed* p = find(index, v.node)) {
                if (p->late) return false;
                seen = p->axes;
            } else if (depth > 0 && !is_leaf(v.node) && home[at(v.node)] < 0 && g[v.node].op->kind == op_kind::elementwise) {
                axis_map inner = every_axis(-2);
                if (!derive(index, v.node, inner, depth - 1)) return false;
                seen = inner;
            } else {
                continue;
            }
            const int rank = iteration_shape(g, n).rank;
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

    /// Whether n is one value, and made of something that the group knows: it can be computed with the group's one row, where that is short. (A long
    /// one is cut, which a value of the whole row would not allow. An update would lie in its parameter before the last column has read that.)
    constexpr bool belongs_to_row(int index, int n) {
        const shape& space = groups[at(index)].space;
        return !trains_ && space.rank == 1 && !space[0].is_dynamic() && space[0].size <= short_row && is_value_beside_known(index, n, 8);
    }
    constexpr bool is_value_beside_known(int index, int n, int depth) {
        ++visits;
        const shape& s = iteration_shape(g, n);
        for (int i = 0; i < s.rank; ++i)
            if (!s[i].is_one()) return false;
        for (int k = 0; k < g[n].arity; ++k) {
            const int operand = view_of(g, n, k).node;
            if (find(index, operand)) return true;
            const bool comes_along = depth > 0 && !is_leaf(operand) && home[at(operand)] < 0 && g[operand].op->kind == op_kind::elementwise;
            if (comes_along && is_value_beside_known(index, operand, depth - 1)) return true;
        }
        return false;
    }
    constexpr bool join(int index, int n) {
        group& in = groups[at(index)];
        const bool scalar = is_work_scalar(n);
        if (in.region != regions.now(n)) return false;
        if (in.scalar != scalar || in.computed >= most_instructions || (index >= closed_from_ && index < closed_to_)) return false;
        if (scalar) {
            for (int k = 0; k < g[n].arity; ++k)
                if (available_[at(g.operand(n, k))] > index) return false;
            compute(index, n, no_axes);
            return true;
        }
        axis_map work = every_axis(-2);
        if (!derive(index, n, work, 8)) return false;
        const shape& s = iteration_shape(g, n);
        bool linked = in.space.rank == 0 || belongs_to_row(index, n);  // nothing to agree on
        std::uint32_t used = 0;
        for (int i = 0; i < s.rank; ++i) {
            if (s[i].is_one()) work.items[i] = -1;
            if (work.items[i] < 0) continue;
            linked = true;
            if (used >> work.items[i] & 1u) return false;
            used |= 1u << work.items[i];
        }
        if (!linked && !apart) return false;  // apart, only parts of one op ask
        for (int i = 0; i < s.rank; ++i) {
            if (work.items[i] != -2) continue;
            // Nothing ties this axis: any free axis of the same extent will do.
            for (int a = 0; a < in.space.rank && work.items[i] == -2; ++a)
                if (!(used >> a & 1u) && in.space[a] == s[i]) work.items[i] = static_cast<std::int8_t>(a);
            if (work.items[i] == -2) return false;
            used |= 1u << work.items[i];
        }
        for (int i = s.rank; i < max_rank; ++i) work.items[i] = -1;
        if (!fits(g, in, n, work) || !brings_whole_rows(index, n, work, 8)) return false;
        compute(index, n, work);
        return true;
    }

    /// Whether all that n would bring along has all column axes or none.
    constexpr bool brings_whole_rows(int index, int n, const axis_map& work, int depth) const {
        const group& in = groups[at(index)];
        if (in.column_axes < 2) return true;
        if (!in.all_or_none(in.column_axes, work) || !in.all_or_none(in.column_axes, result_axes(g, n, work))) return false;
        for (int k = 0; k < g[n].arity; ++k) {
            const operand_view v = view_of(g, n, k);
            axis_map seen = no_axes;
            for (int i = 0; i < iteration_shape(g, n).rank; ++i)
                if (v.axes.items[i] >= 0) seen.items[v.axes.items[i]] = work.items[i];
            if (!in.all_or_none(in.column_axes, seen)) return false;
            if (depth > 0 && waits(v.node) && !find(index, v.node) && !brings_whole_rows(index, v.node, seen, depth - 1)) return false;
        }
        return true;
    }
    constexpr void compute(int index, int n, const axis_map& work) {
        for (int k = 0; k < g[n].arity; ++k) {
            const operand_view v = view_of(g, n, k);
            axis_map seen = no_axes;
            const shape& s = iteration_shape(g, n);
            for (int i = 0; i < s.rank; ++i)
                if (v.axes.items[i] >= 0) seen.items[v.axes.items[i]] = work.items[i];
            provide(index, v.node, seen, n);
        }
        group& in = groups[at(index)];
        placed p;
        p.node = n;
        p.computed = true;
        p.work = work;
        p.axes = result_axes(g, n, work);
        if (g[n].op->kind == op_kind::gather) p.axes[at(g.shape_of(n).rank)] = -1;
        if (g[n].op->kind == op_kind::reduction) {
            if (is_row_reduction(g, in, n, work) && in.walks_as_one(in.trailing(reduced_axes(g, n, work)))) {
                in.column_axes = in.trailing(reduced_axes(g, n, work));
                in.reduces_rows = true;
            } else {
                p.late = true;
                if (in.column_axes == 0) in.column_axes = 1;
            }
        }
        if (g[n].op->kind == op_kind::gather || g[n].op->kind == op_kind::generate) in.column_axes = 1;
        ++in.computed;
        learn(index, p);
        // (What a loop's kernel makes for itself of things outside, nobody reads from there.)
        if (home[at(n)] < 0 && (in.region < 0 || in.region == regions.region(n))) home[at(n)] = index;
        last_user_[at(n)] = std::max(last_user_[at(n)], index);
    }

    /// Makes a node known to a group: it is already, or is computed there, or loaded.
    constexpr void provide(int index, int n, const axis_map& axes, int user) {
        ++visits;
        if (g.is(n, &info<constant_op>)) return;
        last_user_[at(n)] = std::max(last_user_[at(n)], index);
        if (const placed* p = find(index, n)) {
            for (int i = 0; i < g.shape_of(n).rank; ++i)
                if (axes.items[i] >= 0 && p->axes.items[i] >= 0 && axes.items[i] != p->axes.items[i]) clash_ = user;
            return;
        }
        if (!is_leaf(n)) {
            if (waits(n) && !is_work_scalar(n) && (home[at(n)] < 0 || home[at(n)] > index || is_cheaper_again(*this, n, index))) {
                axis_map work = axes;
                for (int i = g.shape_of(n).rank; i < max_rank; ++i) work.items[i] = -1;
                if (g[n].op->kind != op_kind::generate || fits(g, groups[at(index)], n, work)) return compute(index, n, work);
                clash_ = user;
                misplaced_ = n;
            }
            if (home[at(n)] == index) return;
            stored[at(n)] = 1;
        }
        placed p;
        p.node = n;
        p.axes = axes;
        learn(index, p);
    }
};

}  // namespace xgrad
