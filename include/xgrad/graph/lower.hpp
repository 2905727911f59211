// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/expr/digest_map.hpp>
#include <xgrad/graph/ref.hpp>
#include <xgrad/ops/mode.hpp>
#include <xgrad/ops/scan.hpp>

namespace xgrad {

/// From records (what the user wrote) to nodes: a loop with a stack of its own, each record once.
/// A derivative record is handed to `derive`, which diff/ brings.
struct lowering {
    using derivation = int (*)(lowering&, const record&);

    graph& g;
    derivation derive = nullptr;
    digest_map done{};
    growing_array<const declaration*> declared{};
    declaration_pair clash{};  ///< of one name, where two differ

    /// Reverse sweeps made so far: a gradient by sixty-four parameters is one sweep. Kept here for diff/.
    struct sweep {
        int loss;
        growing_array<int> cotangents;
    };
    growing_array<sweep> sweeps{};

    bool training = false;  ///< which form is taken where there are two
    /// What a step observes of a statistic.
    struct observation {
        int statistic, value;
        double momentum;
        friend constexpr bool operator==(const observation&, const observation&) = default;
    };
    growing_array<observation> observations{};
    int scope = 0;          ///< loops lowered here are others than those of the same formula lowered elsewhere, in another mode or over a pin
    std::uint64_t pinned = 0;  ///< the record held as `pin`, where a derivative is taken by what is no leaf
    int pin = -1;

    constexpr void hold(std::uint64_t digest, int node) {
        pinned = digest;
        pin = node;
        done.insert(digest, node);
    }

    constexpr int lower(const record* root) {
        growing_array<const record*> stack{root};
        while (!stack.empty()) {
            const record* r = stack.back();
            if (done.find(r->digest)) {
                stack.pop_back();
                continue;
            }
            ++g.visits;
            if (r->op->kind == op_kind::derivative) {
                const int made = derive(*this, *r);
                done.insert(r->digest, made);
                stack.pop_back();
                continue;
            }
            if (r->op->kind == op_kind::mode) {
                if (lower_choice(*r, stack)) stack.pop_back();
                continue;
            }
            bool ready = true;
            small_array<int, max_arity> operands{};
            for (int i = 0; i < r->arity; ++i) {
                const record* child = r->operands[static_cast<std::size_t>(i)];
                if (const int* index = done.find(child->digest)) {
                    operands[static_cast<std::size_t>(i)] = *index;
                } else {
                    stack.push_back(child);
                    ready = false;
                }
            }
            if (!ready) continue;
            done.insert(r->digest, node_for(*r, operands));
            stack.pop_back();
        }
        return *done.find(root->digest);
    }

private:
    /// A record that depends on the mode is the one operand that is meant; true once that is lowered.
    constexpr bool lower_choice(const record& r, growing_array<const record*>& stack) {
        const bool other_mode = r.op == &info<mode_op> && (r.attr.number != 0) != training;
        if (other_mode) {
            done.insert(r.digest, lower_in_other_mode(r.operands[0]));
            return true;
        }
        const bool observes = r.op == &info<observe_op> && training;
        int made = -1;
        for (int k = observes ? 2 : 0; k >= 0; --k) {
            const record* child = r.operands[static_cast<std::size_t>(r.op == &info<by_mode_op> && !training ? 1 : k)];
            const int* index = done.find(child->digest);
            if (!index) {
                stack.push_back(child);
                return false;
            }
            made = *index;
        }
        if (observes) note({*done.find(r.operands[1]->digest), *done.find(r.operands[2]->digest), r.attr.number});
        done.insert(r.digest, made);
        return true;
    }
    constexpr int lower_in_other_mode(const record* r) {
        lowering inner{g, derive};
        inner.training = !training;
        inner.scope = ++g.scopes;
        if (pin >= 0) inner.hold(pinned, pin);
        const int made = inner.lower(r);
        for (const declaration* d : inner.declared) declare(d);
        for (const observation& o : inner.observations) note(o);
        if (inner.clash) clash = inner.clash;
        return made;
    }
    constexpr void note(const observation& o) {
        for (const observation& known : observations)
            if (known == o) return;
        observations.push_back(o);
    }
    constexpr int node_for(const record& r, const small_array<int, max_arity>& operands) {
        if (r.attr.leaf) declare(r.attr.leaf);
        if (r.op == &info<movement_op>) return g.move(operands[0], r.attr.source, r.extents);
        if (r.op == &info<carry_op>) return g.insert(r.op, {.number = r.attr.number * 4096 + scope}, operands.data(), 1, g.intern(r.extents));
        if (r.op == &info<closed_op>) g.recurrences.push_back({operands[1], operands[0], detail::runs_back(r.attr), detail::loops_inside(r.attr)});
        if (r.op->kind == op_kind::recurrence) return operands[0];
        return g.make(r.op, r.attr, operands.data(), r.arity);
    }
    constexpr void declare(const declaration* d) {
        for (const declaration* known : declared)
            if (known == d) return;
        for (const declaration* known : declared)
            if (known->name == d->name && digest_of(*known) != digest_of(*d)) clash = {known, d};
        declared.push_back(d);
    }
};

}  // namespace xgrad
