// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/arena.hpp>
#include <xgrad/kernel/loops.hpp>
#include <xgrad/kernel/product.hpp>
#include <xgrad/kernel/sharing.hpp>
#include <xgrad/kernel/stages.hpp>
#include <xgrad/kernel/threads.hpp>

namespace xgrad::kernel {

/// A plan with its extents filled in: a call for each step, stages of calls, parts for threads, and memory for all of it. Everything is allocated
/// here, and only when extents or the number of threads grow.
template <class T>
class prepared {
public:
    XGRAD_RARELY explicit prepared(const plan_view& p)
        : plan_(p), addresses_(p.buffers.size(), nullptr), scalars_(p.buffers.size(), 0.0), calls_(p.steps.size()), operands_(p.accesses.size()), sharing_(p.steps.size()),
          offsets_(p.slots.size()), panel_bytes_(p.slots.size()) {
        for (std::size_t b = 0; b < p.buffers.size(); ++b)
            if (p.buffers[b].extents.rank == 0) addresses_[b] = &scalars_[b];
        for (const step& s : p.steps) most_accesses_ = std::max(most_accesses_, at(s.access_count));
    }
    prepared(const prepared&) = delete;
    prepared& operator=(const prepared&) = delete;
    prepared(prepared&&) = default;
    prepared& operator=(prepared&&) = default;

    const plan_view& plan() const { return plan_; }
    const axis_sizes& sizes() const { return sizes_; }
    void set_address(int buffer, const void* p) { addresses_[at(buffer)] = const_cast<void*>(p); }
    double& scalar(int buffer) { return scalars_[at(buffer)]; }
    double scalar(int buffer) const { return scalars_[at(buffer)]; }
    std::size_t arena_bytes() const { return arena_.size(); }

    /// Fixes the extents; cheap when they, and the number of threads, are those of the last call.
    void fix(const axis_sizes& sizes) {
        const int threads = available_threads();
        if (is_fixed_ && threads == threads_ && sizes == sizes_) return;
        is_fixed_ = false;
        sizes_ = sizes;
        threads_ = threads;
        const call_maker maker{plan_, sizes_};
        maker.check_sizes();
        walks_.find(maker);
        for (std::size_t i = 0; i < calls_.size(); ++i) calls_[i] = maker.make(plan_.steps[i], operands_.data() + plan_.steps[i].first_access, walks_.empty() ? 0 : walks_[i].axes);
        stages_.find(maker, calls_, sizeof(T));
        plan_sharing();
        place(maker);
        reserve_workspace();
        own_operands_.resize(most_accesses_ * (at(threads_) + 1));
        is_fixed_ = true;
    }

protected:
    plan_view plan_;
    growing_array<void*> addresses_;        ///< by buffer
    growing_array<double> scalars_;         ///< by buffer
    growing_array<call> calls_;             ///< by step
    growing_array<operand> operands_;       ///< by access
    growing_array<sharing> sharing_;        ///< by step; for row kernels that run together, at the first of them
    growing_array<operand> own_operands_{}; ///< of the parts that threads work on, and of one panel
    growing_array<std::size_t> offsets_, panel_bytes_;  ///< by slot: its place in the arena; the size of one panel, where it holds that
    growing_array<std::size_t> kept_states_{};          ///< by loop: the place of states that are kept between segments of steps
    std::size_t most_accesses_ = 0;
    stage_search stages_{};
    loop_walks walks_{};
    axis_sizes sizes_{};
    int threads_ = 1;
    bool is_fixed_ = false;
    arena arena_{}, workspace_{};
    std::size_t row_buffer_bytes_ = 0, workspace_bytes_ = 0;  ///< of one thread

    static std::size_t at(std::integral auto i) { return static_cast<std::size_t>(i); }
    int threads_for(const sharing& how) const { return static_cast<int>(std::min<std::ptrdiff_t>(threads_, how.worth)); }

private:
    static constexpr std::size_t larger_than_caches = std::size_t{1} << 25;

    XGRAD_RARELY void plan_sharing() {
        const share_planner planner{plan_, threads_};
        for (const stage& s : stages_.stages) {
            if (s.is_cut() && !s.products) {
                sharing_[s.first] = planner.of_rows(plan_.steps.part(s.first, s.last - s.first), span<const call>(calls_).part(s.first, s.last - s.first));
                continue;
            }
            if (!s.is_loop() && s.checkpointed == 0) calls_[s.first].is_large = !s.is_cut() && at(calls_[s.first].rows * calls_[s.first].columns) * sizeof(T) > larger_than_caches;
            for (std::size_t k = s.first; k < s.last; ++k) {
                const bool in_panels = s.products && !stages_.waits[k];
                const std::ptrdiff_t panel = s.panel_of(plan_, k);
                if (calls_[k].contracts) {
                    const double share_of_rows = in_panels ? static_cast<double>(panel) / static_cast<double>(s.extent) : 1;
                    sharing_[k] = planner.of_product(plan_.steps[k], calls_[k], share_of_rows);
                } else if (plan_.steps[k].kind == step_kind::whole) {
                    sharing_[k] = planner.of_whole(plan_.steps[k], calls_[k]);
                } else {
                    sharing_[k] = planner.of_rows(plan_.steps.part(k, 1), span<const call>(calls_).part(k, 1));
                }
                if (in_panels && sharing_[k].along == sharing::axis::leading && !calls_[k].rows_are_summed)
                    sharing_[k].parts = std::max<std::ptrdiff_t>(1, std::min(sharing_[k].parts, panel / sharing_[k].unit));
            }
        }
    }

    // ---- the arena: slots, sums of parts, unfinished products, states between segments, positions

    XGRAD_RARELY void place(const call_maker& maker) {
        arena_pieces pieces;
        place_slots(maker, pieces);
        for (const stage& s : stages_.stages)
            for (std::size_t k = s.first; k < s.last; ++k) {
                place_partials(k, sharing_[s.is_cut() && !s.products ? s.first : k], pieces);
                if (s.products && !stages_.waits[k]) place_panels(k, pieces);
                for (operand& o : operands_of(k)) {
                    const int slot = plan_.buffers[at(plan_.accesses[at(&o - operands_.data())].buffer)].slot;
                    o.panel_bytes = slot < 0 ? 0 : static_cast<std::ptrdiff_t>(panel_bytes_[at(slot)]);
                }
            }
        if (plan_.checkpoints.size() > 0) kept_states_.assign(plan_.loops.size(), 0);
        for (std::size_t l = 0; l < kept_states_.size(); ++l)
            if (const std::ptrdiff_t kept = states_kept(plan_, l, walks_.states[l].steps)) kept_states_[l] = pieces.add(at(kept * walks_.states[l].elements) * sizeof(T));
        const std::size_t of_positions = pieces.bytes;
        for (const buffer& b : plan_.buffers)
            if (b.kind == buffer_kind::position) pieces.add(at(maker.elements(b.extents)) * sizeof(T));
        std::byte* const base = arena_.reserve(pieces.bytes);
        place_positions<T>(maker, base + of_positions, addresses_);
        find_addresses(base);
    }
    XGRAD_RARELY void place_slots(const call_maker& maker, arena_pieces& pieces) {
        for (std::size_t i = 0; i < offsets_.size(); ++i) {
            panel_bytes_[i] = 0;
            const int owner = stages_.owner[i];
            if (owner < 0) {
                offsets_[i] = pieces.add(at(elements_of_slot(maker, i)) * sizeof(T));
                continue;
            }
            const stage& s = stages_.stages[at(owner)];
            const std::ptrdiff_t each = maker.stride(plan_.slots[i], 0);
            panel_bytes_[i] = arena::padded(at(each * s.at_a_time) * sizeof(T));
            const std::size_t panels = panel_bytes_[i] * at(s.products ? 1 : threads_for(sharing_[s.first]));
            offsets_[i] = pieces.add(std::max(panels, at(each * s.room) * sizeof(T)));
        }
    }
    XGRAD_RARELY void find_addresses(std::byte* base) {
        for (std::size_t b = 0; b < plan_.buffers.size(); ++b) {
            const buffer& buf = plan_.buffers[b];
            if (buf.kind == buffer_kind::temporary && buf.extents.rank > 0 && buf.slot >= 0) addresses_[b] = base + offsets_[at(buf.slot)];
            if (buf.kind == buffer_kind::extent) scalars_[b] = static_cast<double>(sizes_.find(buf.axis));
        }
        const auto locate = [&](void*& offset) {
            if (offset) offset = base + (reinterpret_cast<std::size_t>(offset) - 1);
        };
        for (operand& o : operands_) locate(o.partials);
        for (call& c : calls_) locate(c.product.sums);
    }
    span<operand> operands_of(std::size_t i) { return {operands_.data() + plan_.steps[i].first_access, at(plan_.steps[i].access_count)}; }
    /// An offset in the arena, to become an address; never null.
    static void* later(std::size_t offset) { return reinterpret_cast<void*>(offset + 1); }

    XGRAD_RARELY void place_partials(std::size_t i, const sharing& how, arena_pieces& pieces) {
        if (!how.partial || how.parts == 1) return;
        const step& s = plan_.steps[i];
        for (const store& k : plan_.stores_of(s)) {
            operand& o = operands_of(i)[k.access];
            if (!k.is_late() || plan_.accesses_of(s)[k.access].axes[0] >= 0) continue;
            const bool in_double = k.how == storing::total || k.how == storing::scalar;
            o.partial_bytes = static_cast<std::ptrdiff_t>(arena::padded(at(o.elements) * (in_double ? sizeof(double) : sizeof(T))));
            o.partials = later(pieces.add(at(o.partial_bytes * how.parts)));
        }
    }
    /// What a product in panels needs: sums of its depth so far, and which of its sides hold one panel.
    XGRAD_RARELY void place_panels(std::size_t i, arena_pieces& pieces) {
        call& c = calls_[i];
        if (!c.contracts) return;
        const auto stays = [&](int buffer) {
            const int slot = plan_.buffers[at(buffer)].slot;
            return slot >= 0 && panel_bytes_[at(slot)] > 0;
        };
        const step& s = plan_.steps[i];
        c.product.left_stays = stays(c.sides_swapped ? s.right : s.left);
        c.product.right_stays = stays(c.sides_swapped ? s.left : s.right);
        if (!c.rows_are_summed || is_plain(i)) return;  // (a plain one grows where its result belongs)
        c.product.sums = later(pieces.add(at(c.product.rows * c.product.columns) * sizeof(T)));
        c.product.sums_row = c.product.columns;
    }
    /// Nothing but a product, stored row by row.
    bool is_plain(std::size_t i) const {
        const step& s = plan_.steps[i];
        return is_plain_product(plan_, s) && is_one_matrix(calls_[i], calls_[i].operands[plan_.stores_of(s)[0].access]);
    }

    // ---- the workspace: for each thread a row buffer and room for packed operands, then what kernels of loops keep from step to step

    XGRAD_RARELY void reserve_workspace() {
        measure_workspace();
        const std::size_t of_threads = (row_buffer_bytes_ + workspace_bytes_) * at(threads_);
        std::size_t total = of_threads;
        each_with_own_scratch([&](call& c, std::size_t bytes) {
            c.has_own_scratch = true;
            total += bytes;
        });
        std::byte* const base = workspace_.reserve(total);
        for (call& c : calls_) {
            c.row_buffer = base;
            c.workspace = base + row_buffer_bytes_ * at(threads_);
        }
        std::byte* own = base + of_threads;
        each_with_own_scratch([&](call& c, std::size_t bytes) {
            (c.contracts ? c.workspace : c.row_buffer) = own;
            own += bytes;
        });
    }
    /// What one thread needs for the largest call.
    XGRAD_RARELY void measure_workspace() {
        constexpr auto bytes = static_cast<std::ptrdiff_t>(sizeof(T));
        std::ptrdiff_t kept = 0, packed = 0;
        for (std::size_t i = 0; i < calls_.size(); ++i) {
            const step& s = plan_.steps[i];
            if (s.kind == step_kind::guard) continue;
            const std::ptrdiff_t columns = (calls_[i].columns + 63) / 64 * 64;
            const body_range& body = plan_.body_of(s);
            // Rows side by side: what is kept, and every operand turned round; a sum over rows has a place of its own.
            kept = std::max(kept, body.across ? 2 * columns * lanes<T>::width * (body.saves + 2 * s.access_count) : (columns + std::min(columns, paired_row)) * body.saves);
            if (s.kind == step_kind::contraction) packed = std::max(packed, product<T>::workspace(calls_[i].product, is_plain(i)));
            if (s.kind == step_kind::whole) kept = std::max(kept, (scratch_bytes_of(calls_[i]) + bytes - 1) / bytes);
        }
        row_buffer_bytes_ = arena::padded(at(kept) * sizeof(T));
        workspace_bytes_ = arena::padded(at(packed) * sizeof(T));
    }
    /// f(call, bytes) for each kernel of a loop that keeps something: it is its own, where one thread runs all of a step.
    XGRAD_RARELY void each_with_own_scratch(auto f) {
        for (const stage& s : stages_.stages)
            for (std::size_t k = s.first; k < s.last; ++k) {
                if (!s.runs_by_steps(plan_, k) || threads_for(sharing_[k]) != 1 || (!walks_.empty() && walks_[k].axes > 0)) continue;
                if (const std::ptrdiff_t bytes = bytes_kept<T>(plan_, s.first, s.last, k, calls_[k])) f(calls_[k], arena::padded(at(bytes)));
            }
    }
};

}  // namespace xgrad::kernel
