// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/plan/plan_units.hpp>
#include <xgrad/plan/slots.hpp>

namespace xgrad {

/// Finds the loops of a plan that can be run again, a segment of steps at a time, for the loops of their derivatives, and what runs with them: kernels
/// that walk along the steps and serve nobody else (products with the elements, before), or grow from segment to segment (gradients of weights, after).
/// They are put side by side in the plan; arrays that they alone use hold one segment. Everything else of the plan stays as it is.
class checkpoint_search {
public:
    constexpr checkpoint_search(plan_draft& draft, growing_array<replacement>& in_place, int every) : out(draft), in_place_(in_place), every_(every) {}

    constexpr void run() {
        for (const loop_state& l : out.loops)
            if (l.depth > 0 && l.first == l.last) return;
        while (find_one()) {
        }
    }

private:
    using unit = plan_units::unit;
    using use = plan_units::use;
    static constexpr int whole = plan_units::whole;
    struct pair {
        int ahead, back;  ///< units
    };
    enum class role : char { none, ahead, back };
    enum class place : char { before, ahead, between, back, after };  ///< in the new order

    plan_draft& out;
    growing_array<replacement>& in_place_;
    int every_;
    const plan_units* all_ = nullptr;
    bool backwards_ = false;
    extent steps_{};
    growing_array<char> tried_{};             ///< by carry: its loop cannot be checkpointed
    growing_array<role> roles_{};             ///< by unit; those that have one are the members
    growing_array<char> follows_{};           ///< by unit: from members that run ahead, from members that run back
    growing_array<place> places_{};           ///< by unit
    growing_array<int> along_{}, maker_{};    ///< by buffer: the axis along which a member writes it, `whole`, or `unwritten`; that member
    static constexpr int unwritten = -2;
    static constexpr char ahead_bit = 1, back_bit = 2;
    static constexpr std::size_t at(int i) { return static_cast<std::size_t>(i); }
    constexpr int count() const { return all_->count(); }
    constexpr const unit& unit_at(int u) const { return all_->units[at(u)]; }
    constexpr const growing_array<int>& earlier(int u) const { return all_->waits_for[at(u)]; }
    constexpr span<const use> uses_of(int u) const { return all_->uses_of(u); }
    constexpr const extent& steps_of(const loop_state& l) const { return all_->shape_of(l.carry)[0]; }

    // ---- who runs together

    constexpr bool find_one() {
        const plan_units all(out);
        all_ = &all;
        tried_.resize(out.buffers.size(), 0);
        growing_array<pair> pairs = all_pairs();
        while (!pairs.empty()) {
            int failed = -1;
            if (fit_together(pairs, failed)) {
                put_together();
                return true;
            }
            growing_array<pair> left;
            for (const pair& p : pairs)
                if (failed >= 0 ? p.ahead != failed && p.back != failed : pairs.size() > 1 && p.ahead == pairs[0].ahead) left.push_back(p);
            if (left.empty()) {
                tried_[at(all_->state_of(unit_at(pairs[0].ahead)).carry)] = 1;
                return find_one();
            }
            pairs = left;
        }
        return false;
    }
    /// Loops that run the same way along the same steps, each with the first one that hands its cotangents on; the first of them has not been tried.
    constexpr growing_array<pair> all_pairs() const {
        growing_array<pair> found;
        const loop_state* first = nullptr;
        for (int u = 0; u < count(); ++u) {
            if (!unit_at(u).loops) continue;
            const loop_state& ahead = all_->state_of(unit_at(u));
            if (first ? ahead.backwards != first->backwards || !(steps_of(ahead) == steps_of(*first)) : tried_[at(ahead.carry)] != 0) continue;
            for (int v = u + 1; v < count(); ++v) {
                if (!unit_at(v).loops || !hands_back(unit_at(v), unit_at(u))) continue;
                if (!first) first = &ahead;
                found.push_back({u, v});
                break;
            }
        }
        return found;
    }
    constexpr bool hands_back(const unit& back, const unit& ahead) const {
        const extent& steps = steps_of(all_->state_of(ahead));
        for (const loop_state& l : out.loops) {
            if (l.first != back.first || l.last != back.last || l.backwards == all_->state_of(ahead).backwards || !(steps_of(l) == steps)) continue;
            for (const loop_state& k : out.loops)
                if (k.first == ahead.first && k.last == ahead.last && l.cotangent_of == k.carry) return true;
        }
        return false;
    }

    /// Whether a unit meets what members before it make step by step, or when it is complete.
    constexpr bool agrees(int u) const {
        for (const use& v : uses_of(u)) {
            const int made = along_[at(v.buffer)];
            const bool is_complete = made == whole && unit_at(u).ends_late && !v.written;
            if (made != unwritten && maker_[at(v.buffer)] < u && !is_complete && (made == whole || made != v.along)) return false;
        }
        return true;
    }
    constexpr bool writes_whole(int u) const {
        for (const use& v : uses_of(u))
            if (v.written && v.along == whole) return true;
        return false;
    }
    constexpr void join(int u, role as) {
        roles_[at(u)] = as;
        for (const use& v : uses_of(u))
            if (v.written) {
                along_[at(v.buffer)] = v.along;
                maker_[at(v.buffer)] = u;
            }
    }
    constexpr bool is_along(int u) const { return unit_at(u).walks && unit_at(u).steps == steps_; }
    /// Whether a unit takes of some array the step that members make last.
    constexpr bool takes_last_step(int u, role as) const {
        return unit_at(u).end == plan_units::edge::taken && unit_at(u).steps == steps_ && unit_at(u).at_last == ((as == role::ahead) != backwards_);
    }
    /// Whether it puts something among zeros, at the step that members on the way back meet first.
    constexpr bool pads_first_step(int u) const {
        return unit_at(u).end == plan_units::edge::padded && unit_at(u).steps == steps_ && unit_at(u).at_last != backwards_;
    }
    constexpr bool reads_of_members(int u) const {
        for (const use& v : uses_of(u))
            if (!v.written && v.along == 0 && along_[at(v.buffer)] == 0) return true;
        return false;
    }
    /// Members of one role from their loops on: what lies between two of the loops, and behind them, where that is asked for. False, and the loop,
    /// if one of these cannot be a member.
    constexpr bool take_from_loops(role as, const growing_array<char>& is_loop, const growing_array<char>& leads_to_loop, int& failed) {
        const char bit = as == role::ahead ? ahead_bit : back_bit;
        for (int u = 0; u < count(); ++u) {
            bool apart = false;
            for (const int k : earlier(u)) {
                if (roles_[at(k)] == as || (follows_[at(k)] & bit)) follows_[at(u)] = static_cast<char>(follows_[at(u)] | bit);
                apart = apart || (roles_[at(k)] != as && (follows_[at(k)] & bit));
            }
            const bool fits = !apart && roles_[at(u)] == role::none && agrees(u);
            if (is_loop[at(u)]) {
                if (!fits || writes_whole(u)) {
                    failed = u;
                    return false;
                }
                join(u, as);
            } else if (fits && (follows_[at(u)] & bit) && (as == role::back || takes_last_step(u, as) || (leads_to_loop[at(u)] && !unit_at(u).sums))) {
                if ((is_along(u) || takes_last_step(u, as)) && reads_of_members(u)) join(u, as);
            }
        }
        return true;
    }
    /// A unit whose results nobody but members uses, step by step, and some that run back; or, on the way back, that needs all steps to be complete
    /// and that no member waits for.
    constexpr void take_before(int u) {
        if (roles_[at(u)] != role::none || !(is_along(u) || pads_first_step(u)) || !agrees(u)) return;
        for (const int k : earlier(u))
            if (roles_[at(k)] == role::none && (follows_[at(k)] & back_bit)) return;
        const bool follows = (follows_[at(u)] & ahead_bit) != 0;
        bool only_back = true;
        for (const use& v : uses_of(u)) {
            if (!v.written) continue;
            if (v.along == whole) {
                if (!follows || is_waited_for(u)) return;
                continue;
            }
            if (!is_of_steps(v.buffer) || v.along != 0) return;
            for (const use& other : all_->uses) {
                if (other.buffer != v.buffer || other.unit == u) continue;
                if (roles_[at(other.unit)] == role::none || other.along != 0) return;
                only_back = only_back && roles_[at(other.unit)] == role::back;
            }
        }
        if (!only_back && (follows || unit_at(u).sums || pads_first_step(u))) return;
        join(u, only_back ? role::back : role::ahead);
    }
    /// Whether a member needs what is complete only after a unit's last step, or something that follows from it.
    constexpr bool is_waited_for(int u) const {
        growing_array<char> waits(all_->units.size(), 0);
        for (const use& made : uses_of(u))
            for (const use& v : all_->uses)
                if (made.written && made.along == whole && v.buffer == made.buffer && v.unit > u) waits[at(v.unit)] = 1;
        for (int w = u + 1; w < count(); ++w) {
            for (const int k : earlier(w)) waits[at(w)] = static_cast<char>(waits[at(w)] | waits[at(k)]);
            if (waits[at(w)] && roles_[at(w)] != role::none) return true;
        }
        return false;
    }
    /// An intermediate with the steps outermost.
    constexpr bool is_of_steps(int number) const {
        const buffer& b = out.buffers[at(number)];
        for (const int r : out.results)
            if (r == number) return false;
        return b.kind == buffer_kind::temporary && b.extents.rank > 0 && b.extents[0] == steps_ && b.checkpointed == 0;
    }

    /// Finds the members around pairs of loops. False if these cannot run in segments, and the loop that is in the way, if one is, or if nothing would be spared.
    constexpr bool fit_together(const growing_array<pair>& pairs, int& failed) {
        const std::size_t n = all_->units.size();
        growing_array<char> ahead(n, 0), back(n, 0), leads(n, 0);
        for (const pair& p : pairs) ahead[at(p.ahead)] = leads[at(p.ahead)] = back[at(p.back)] = 1;
        for (int u = count() - 1; u >= 0; --u)
            for (const int k : earlier(u)) leads[at(k)] = static_cast<char>(leads[at(k)] | leads[at(u)]);
        roles_ = growing_array<role>(n, role::none);
        follows_ = growing_array<char>(n, 0);
        along_ = maker_ = growing_array<int>(out.buffers.size(), unwritten);
        steps_ = unit_at(pairs[0].ahead).steps;
        backwards_ = all_->state_of(unit_at(pairs[0].ahead)).backwards;
        if (!take_from_loops(role::ahead, ahead, leads, failed) || !take_from_loops(role::back, back, leads, failed)) return false;
        for (int u = count() - 1; u >= 0; --u) take_before(u);
        for (int u = 0; u < count(); ++u)
            if (roles_[at(u)] == role::back && unit_at(u).sums && !spares(u) && !is_waited_for(u)) roles_[at(u)] = role::none;
        failed = -1;
        return is_in_order() && spares();
    }
    /// Whether a unit touches something that holds one segment.
    constexpr bool spares(int u) const {
        for (const use& v : uses_of(u))
            if (is_held_by_members(v.buffer)) return true;
        return false;
    }
    /// Whether something that is made ahead and used on the way back would hold one segment.
    constexpr bool spares() const {
        for (const use& v : all_->uses)
            if (v.written && roles_[at(v.unit)] == role::ahead && is_held_by_members(v.buffer))
                for (const use& other : all_->uses)
                    if (other.buffer == v.buffer && roles_[at(other.unit)] == role::back) return true;
        return false;
    }
    constexpr bool is_held_by_members(int buffer) const {
        if (!is_of_steps(buffer) || along_[at(buffer)] != 0) return false;
        for (const use& v : all_->uses)
            if (v.buffer == buffer && (roles_[at(v.unit)] == role::none || v.along != 0)) return false;
        return true;
    }

    // ---- the new order

    /// Where a unit comes: among the members that run ahead or those that run back, or before, between or after these.
    constexpr place place_of(int u, int last_ahead, int last_back) const {
        if (roles_[at(u)] != role::none) return roles_[at(u)] == role::ahead ? place::ahead : place::back;
        if (follows_[at(u)] & back_bit) return place::after;
        if (follows_[at(u)] & ahead_bit) return place::between;
        return u < last_ahead ? place::before : u < last_back ? place::between : place::after;
    }
    constexpr bool is_in_order() {
        int last_ahead = 0, last_back = 0;
        for (int u = 0; u < count(); ++u) {
            follows_[at(u)] = 0;
            for (const int k : earlier(u)) {
                const char from = roles_[at(k)] == role::ahead ? ahead_bit : roles_[at(k)] == role::back ? back_bit : char{0};
                follows_[at(u)] = static_cast<char>(follows_[at(u)] | follows_[at(k)] | from);
            }
            if (roles_[at(u)] == role::ahead) last_ahead = u;
            if (roles_[at(u)] == role::back) last_back = u;
        }
        places_ = growing_array<place>(all_->units.size(), place::before);
        for (int u = 0; u < count(); ++u) places_[at(u)] = place_of(u, last_ahead, last_back);
        for (int u = 0; u < count(); ++u)
            for (const int k : earlier(u))
                if (places_[at(k)] > places_[at(u)]) return false;
        return true;
    }
    /// Kernels and loops in their new order, as far as it has been made.
    struct new_order {
        growing_array<step> steps{};
        growing_array<loop_state> loops{};
        growing_array<int> number_of{};  ///< by old number of a step: its new one
    };
    /// Moves the kernels of the members side by side, and notes what holds one segment.
    constexpr void put_together() {
        const auto number = static_cast<std::int16_t>(out.checkpoints.size() + 1);
        checkpointed_loops made{};
        made.every = every_;
        made.backwards = backwards_;
        for (int b = 0; b < static_cast<int>(out.buffers.size()); ++b)
            if (is_held_by_members(b)) out.buffers[at(b)].checkpointed = number;
        new_order order;
        order.number_of.resize(out.steps.size() + 1, 0);
        for (const place now : {place::before, place::ahead, place::between, place::back, place::after}) {
            const int begin = static_cast<int>(order.steps.size());
            for (int u = 0; u < count(); ++u)
                if (places_[at(u)] == now) move(u, number, order);
            const int end = static_cast<int>(order.steps.size());
            if (now == place::ahead) {
                made.first = begin;
                made.last = end;
            } else if (now == place::back) {
                made.back_first = begin;
                made.back_last = end;
            }
        }
        take(order);
        out.checkpoints.push_back(made);
    }
    /// A unit comes next, with the states of its loops.
    constexpr void move(int u, std::int16_t number, new_order& order) const {
        const unit& moved = unit_at(u);
        const int offset = static_cast<int>(order.steps.size()) - moved.first;
        for (int s = moved.first; s < moved.last; ++s) {
            order.number_of[at(s)] = static_cast<int>(order.steps.size());
            order.steps.push_back(out.steps[at(s)]);
        }
        for (loop_state l : out.loops) {
            if (l.first < moved.first || l.last > moved.last || (moved.first < moved.last) != (l.first < l.last)) continue;
            if (moved.first == moved.last && uses_of(u)[0].buffer != l.carry) continue;
            l.first += offset;
            l.last += offset;
            if (roles_[at(u)] != role::none && moved.loops) l.checkpointed = number;
            order.loops.push_back(l);
        }
    }
    /// By insertion: what is equal stays in order, and most of it is in order already. (clang wants a template before the members that use it.)
    constexpr void sort(auto& list, auto comes_before) const {
        for (std::size_t i = 1; i < list.size(); ++i)
            for (std::size_t k = i; k > 0 && comes_before(list[k], list[k - 1]); --k) std::swap(list[k], list[k - 1]);
    }
    constexpr void take(new_order& order) {
        sort(order.loops, [](const loop_state& a, const loop_state& b) { return a.runs_before(b); });
        for (checkpointed_loops& c : out.checkpoints) {
            c.last += order.number_of[at(c.first)] - c.first;
            c.first = order.number_of[at(c.first)];
            c.back_last += order.number_of[at(c.back_first)] - c.back_first;
            c.back_first = order.number_of[at(c.back_first)];
        }
        for (replacement& r : in_place_) r.step = order.number_of[at(r.step)];
        sort(in_place_, [](const replacement& a, const replacement& b) { return a.step < b.step; });
        out.steps = order.steps;
        out.loops = order.loops;
    }
};

}  // namespace xgrad
