// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/plan/early.hpp>
#include <xgrad/plan/match.hpp>
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
        const int apart_from_now = misplaced_ >= 0 ? misplaced_ : waiting_at(clash_);
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
        place_early();
        if (regions.empty()) {
            for (int n = 0; n < g.size(); ++n) place_in_order(n);
        } else {
            place_with_regions(*this);
        }
        for (const goal& o : goals) materialise(o.node);
    }

    constexpr bool trains() const { return trains_; }
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
        for (growing_array<int>* of : {&home, &last_user_, &available_, &group_of_op_}) of->clear();
        for (growing_array<char>* of : {&stored, &needed_}) of->clear();
        groups.clear();
        groups.reserve(g.nodes.size());
        members_ = {};
        clash_ = misplaced_ = -1;
        closed_from_ = closed_to_ = 0;
        extend();
        if (apart) group_of_op_.resize(g.nodes.size() + 1, -1);
    }
    bool trains_ = false;                  ///< some goals are updates
    int clash_ = -1, misplaced_ = -1;      ///< the node that read so, and a one-hot whose classes are not the columns there
    growing_array<int> made_apart_{};      ///< what has a kernel of its own for that reason
    growing_array<char> needed_, alone_;   ///< by node: goals are made of it; a product that nothing joins
    growing_array<int> last_user_;         ///< by node: the last group that computes or reads it
    growing_array<int> available_;         ///< by node: the first group that may use it
    growing_array<int> group_of_op_;       ///< by origin, where ops are kept apart
    membership members_{};
    int closed_from_ = 0, closed_to_ = 0;  ///< groups that nothing joins any more
    static constexpr std::size_t at(int i) { return static_cast<std::size_t>(i); }

    /// The last operand that waits, or else the node itself if it does; -1 if none does.
    constexpr int waiting_at(int n) const {
        int found = waits(n) ? n : -1;
        for (int k = 0; k < g[n].arity; ++k)
            if (const int operand = g.behind(g.operand(n, k)); waits(operand)) found = operand;
        return found;
    }

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

    /// Numbers made of numbers, in the first group; light sums that arrays wait for, in the next ones.
    constexpr void place_early() {
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
    /// A product, or an op with a loop of its own, begins a group.
    constexpr void contract(int n) {
        for (int k = 0; k < g[n].arity; ++k) materialise(g.behind(g.operand(n, k)));
        group made = new_group(n);
        made.contraction = n;
        placed p;
        p.node = n;
        p.computed = true;
        p.axes = p.work = made.walk(g.shape_of(n));
        made.column_axes = made.space.rank > 0 ? 1 : 0;
        p.late = g[n].op->kind == op_kind::whole;  // nobody joins it
        made.computed = p.late || (at(n) < alone_.size() && alone_[at(n)]) ? most_instructions : 1;
        home[at(n)] = static_cast<int>(groups.size());
        groups.push_back(made);
        learn(home[at(n)], p);
    }
    constexpr group new_group(int n) const {
        group made;
        made.known.reserve(24);
        made.region = regions.now(n);
        return made;
    }
    constexpr void learn(int index, const placed& p) {
        members_.add(p.node, index, static_cast<int>(groups[at(index)].known.size()));
        groups[at(index)].known.push_back(p);
    }

    /// Into a group that is there, or a new one.
    constexpr void place(int n) {
        ++visits;
        int first = 0, user = -1;
        for (int k = 0; k < g[n].arity; ++k) {
            const int operand = g.behind(g.operand(n, k));
            first = std::max(first, available_[at(operand)]);
            user = std::max(user, last_user_[at(operand)]);
        }
        const bool has_joined = apart ? join_own_op(n, first) : join_operands(n, first, user);
        if (!has_joined) start(n);
    }
    /// The first group that has all operands, or the last one that uses one of them; a number, one of the last groups of numbers too.
    constexpr bool join_operands(int n, int first, int user) {
        const int count = static_cast<int>(groups.size());
        if (first < count && join(first, n)) return true;
        if (user > first && join(user, n)) return true;
        if (is_work_scalar(n))
            for (int i = count - 1; i >= first && i >= count - 4; --i)
                if (groups[at(i)].scalar && join(i, n)) return true;
        return false;
    }
    /// The group of the op that n is a part of. Where that cannot take n, the group to come is the op's.
    constexpr bool join_own_op(int n, int first) {
        const int origin = g[n].origin, count = static_cast<int>(groups.size());
        if (origin < 0) return false;
        if (origin >= static_cast<int>(group_of_op_.size())) group_of_op_.resize(at(origin) + 1, -1);
        int& mine = group_of_op_[at(origin)];
        if (mine >= first && mine < count && join(mine, n)) return true;
        mine = count;
        return false;
    }

    constexpr bool is_work_scalar(int n) const { return iteration_shape(g, n).rank == 0; }

    constexpr void start(int n) {
        group made = new_group(n);
        const axis_map work = made.walk(iteration_shape(g, n));
        made.scalar = is_work_scalar(n);
        groups.push_back(made);
        compute(static_cast<int>(groups.size()) - 1, n, work);
    }

    constexpr bool join(int index, int n) {
        const group& in = groups[at(index)];
        if (in.region != regions.now(n) || in.scalar != is_work_scalar(n)) return false;
        if (in.computed >= most_instructions || (index >= closed_from_ && index < closed_to_)) return false;
        axis_map work = no_axes;
        if (in.scalar) {
            for (int k = 0; k < g[n].arity; ++k)
                if (available_[at(g.operand(n, k))] > index) return false;
        } else if (!axis_match(*this, index).find(n, work)) {
            return false;
        }
        compute(index, n, work);
        return true;
    }

    /// Has a group compute a node, and whatever the node needs there.
    constexpr void compute(int index, int n, const axis_map& work) {
        for (int k = 0; k < g[n].arity; ++k) {
            const operand_view v = view_of(g, n, k);
            provide(index, v.node, places_of(g, n, v, work), n);
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
