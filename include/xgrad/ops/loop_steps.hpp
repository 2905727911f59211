// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/expr/digest_map.hpp>
#include <xgrad/expr/op.hpp>
#include <xgrad/expr/span.hpp>

namespace xgrad {

/// A state of a loop before each step, all steps side by side: [steps, S...]. Its operand is the state before the first one.
/// attributes::number tells states apart, attributes::target is the shape.
struct carry_op : op_defaults {
    static constexpr std::string_view name = "carry";
    static constexpr op_kind kind = op_kind::leaf;
    static constexpr int arity = 1;
    static constexpr shape_result shape_rule(const attributes& a, const shape*, int) { return {*a.target}; }
};
/// What a loop makes, and the carry that it is at the next step; attributes::number: see loop_number.
struct closed_op : op_defaults {
    static constexpr std::string_view name = "scan";
    static constexpr op_kind kind = op_kind::recurrence;
    static constexpr int arity = 2;
    static constexpr shape_result shape_rule(const attributes&, const shape* operands, int) { return {operands[0]}; }
};
/// The first operand; the second stands in the same loop.
struct beside_op : closed_op {
    static constexpr std::string_view name = "beside";
};

namespace detail {
/// What attributes::number of closed_op says: the direction, and how many loops run in each step, one in the other.
constexpr double loop_number(bool backwards, int inside) { return 2 * inside + (backwards ? 1 : 0); }
constexpr bool runs_back(const attributes& a) { return static_cast<int>(a.number) % 2 != 0; }
constexpr int loops_inside(const attributes& a) { return static_cast<int>(a.number) / 2; }

/// Looks through what a step makes of the carries and of the elements.
class step_search {
public:
    int inside = 0;  ///< loops that run in each step, one in the other

    constexpr step_search(const axis_name* steps, span<const record* const> carries, span<const record* const> elements) : steps_(steps), elements_(elements) {
        for (const record* c : carries) carries_.push_back(c);
    }
    /// Whether each step of `root` is made of the same step of the carries: the steps' axis stays the first all the way, but for the steps of loops
    /// inside, and nothing is taken along it; elements meet the carries step by step.
    constexpr bool keeps_steps(const record* root) {
        bool keeps = false;
        do {
            depends_ = {};
            for (const record* e : elements_) depends_.insert(e->digest, by_element);
            for (const record* c : carries_) depends_.insert(c->digest, by_carry);
            begins_late_ = nullptr;
            keeps = walk(root);
            if (begins_late_) carries_.push_back(begins_late_);
        } while (begins_late_);
        return keeps;
    }

private:
    static constexpr int by_carry = 1, by_element = 2;  ///< why a node has steps: it depends on a carry, or on elements only
    const axis_name* steps_;
    span<const record* const> elements_;
    growing_array<const record*> carries_{};
    const record* begins_late_ = nullptr;  ///< the carry of a loop inside that begins without the carries, and depends on them in later steps
    digest_map depends_{};
    growing_array<const axis_name*> steps_inside_{}, in_front_{};

    constexpr bool walk(const record* root) {
        growing_array<const record*> stack{root};
        while (!stack.empty()) {
            const record* r = stack.back();
            if (depends_.find(r->digest)) {
                stack.pop_back();
                continue;
            }
            bool ready = true;
            for (int k = 0; k < r->arity; ++k) {
                if (depends_.find(operand(r, k)->digest)) continue;
                stack.push_back(operand(r, k));
                ready = false;
            }
            if (!ready) continue;
            bool follows = false, has_steps = false;
            for (int k = 0; k < r->arity; ++k) {
                const int why = *depends_.find(operand(r, k)->digest);
                follows = follows || why == by_carry;
                has_steps = has_steps || why != 0;
            }
            if (r->op->kind == op_kind::generate && r->extents.rank == 0 && !(r->attr.axes & 1u)) follows = false;  // a count of elements in one step
            if (follows && r->op == &info<closed_op> && *depends_.find(operand(r, 1)->digest) != by_carry) {
                begins_late_ = operand(r, 1);
                steps_inside_.push_back(begins_late_->extents[0].name);
                return false;
            }
            if (has_steps && r->op->broadcasts && !is_aligned(r)) return false;
            if (follows && !keeps_place(r)) return false;
            depends_.insert(r->digest, follows ? by_carry : has_steps && place_in(r->extents) >= 0 ? by_element : 0);
            stack.pop_back();
        }
        // In front of the steps' axis stand only those of loops inside.
        for (const axis_name* name : in_front_) {
            bool known = false;
            for (const axis_name* other : steps_inside_) known = known || name == other;
            if (!known) return false;
        }
        return true;
    }

    static constexpr const record* operand(const record* r, int k) { return r->operands[static_cast<std::size_t>(k)]; }
    constexpr int place_in(const shape& s) const {
        for (int i = 0; i < s.rank; ++i)
            if (s[i].name == steps_) return i;
        return -1;
    }
    /// Counted from the last, as axes of elementwise ops are, the steps stand at one place.
    constexpr bool is_aligned(const record* r) {
        for (int k = 0; k < r->arity; ++k)
            if (*depends_.find(operand(r, k)->digest) && place_in(operand(r, k)->extents) + r->extents.rank - operand(r, k)->extents.rank != place_in(r->extents)) return false;
        return true;
    }
    constexpr bool keeps_place(const record* r) {
        const int place = place_in(r->extents);
        const op_kind kind = r->op->kind;
        if (r->op == &info<carry_op>) steps_inside_.push_back(r->extents[0].name);
        if (r->op == &info<closed_op>) inside = std::max(inside, loops_inside(r->attr) + 1);
        if (kind == op_kind::derivative || place < 0) return false;
        for (int i = 0; i < place; ++i) in_front_.push_back(r->extents[i].name);
        for (int k = 0; k < r->arity; ++k) {
            const record* from = operand(r, k);
            if (*depends_.find(from->digest) != by_carry) continue;
            const int before = place_in(from->extents), rank = from->extents.rank;
            if (kind != op_kind::movement && (r->attr.axes >> before & 1u)) return false;
            if (kind == op_kind::movement && r->attr.source[static_cast<std::size_t>(place)] != before) return false;
            if (kind == op_kind::contraction && (before != place || (k > 0 && before >= rank - 2))) return false;  // all steps of it in each
            if (kind == op_kind::whole && !keeps_apart(r, k, place, before)) return false;
        }
        return true;
    }
    /// An op with a loop of its own can be cut along its first axis; further in where it works along one axis after that.
    static constexpr bool keeps_apart(const record* r, int k, int place, int before) {
        const unsigned cut = r->op->cut_operands(r->attr, r->extents);
        if (place == 0) return before == 0 && (cut >> k & 1u);
        return before == place && cut == (1u << r->arity) - 1 && r->attr.axes != 0 && (r->attr.axes & ((2u << place) - 1)) == 0;
    }
};

/// How many of the first axes of a loop's initial state are the steps of loops in whose steps it runs.
constexpr int loops_around(const record* initial) {
    digest_map seen, closed;
    growing_array<const record*> stack{initial}, carries;
    while (!stack.empty()) {
        const record* r = stack.back();
        stack.pop_back();
        if (seen.find(r->digest)) continue;
        seen.insert(r->digest, 1);
        if (r->op == &info<carry_op>) carries.push_back(r);
        if (r->op == &info<closed_op>) closed.insert(r->operands[1]->digest, 1);
        for (int k = 0; k < r->arity; ++k) stack.push_back(r->operands[static_cast<std::size_t>(k)]);
    }
    int count = 0;
    for (bool goes_on = true; goes_on && count < initial->extents.rank; count += goes_on) {
        goes_on = false;
        for (const record* c : carries) goes_on = goes_on || (initial->extents[count].name == c->extents[0].name && !closed.find(c->digest));
    }
    return count;
}
}  // namespace detail

}  // namespace xgrad
