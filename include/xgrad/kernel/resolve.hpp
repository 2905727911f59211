// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/arena.hpp>
#include <xgrad/kernel/loops.hpp>
#include <xgrad/kernel/part.hpp>
#include <xgrad/kernel/product.hpp>
#include <xgrad/kernel/sharing.hpp>
#include <xgrad/kernel/stages.hpp>
#include <xgrad/kernel/threads.hpp>
#include <xgrad/plan/times.hpp>

#include <cmath>

namespace xgrad::kernel {

/// A plan with its extents filled in: stages of calls, ready to run once the addresses of bound arrays are set. Everything is
/// allocated here and only when extents or the number of threads grow; `run` allocates nothing.
template <class T>
class resolved {
public:
    XGRAD_RARELY explicit resolved(const plan_view& p)
        : plan_(p), addresses_(p.buffers.size(), nullptr), scalars_(p.buffers.size(), 0.0), calls_(p.steps.size()), operands_(p.accesses.size()), sharing_(p.steps.size()),
          offsets_(p.slots.size()), panel_bytes_(p.slots.size()) {
        for (std::size_t b = 0; b < p.buffers.size(); ++b)
            if (p.buffers[b].extents.rank == 0) addresses_[b] = &scalars_[b];
        for (const step& s : p.steps) most_accesses_ = std::max(most_accesses_, at(s.access_count));
    }
    resolved(const resolved&) = delete;
    resolved& operator=(const resolved&) = delete;
    resolved(resolved&&) = default;
    resolved& operator=(resolved&&) = default;

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

    /// Runs every kernel. With `check_finite` a guarded loss that is not finite throws before any parameter is written.
    void run(bool check_finite) {
        take_addresses();
        for (const stage& s : stages_.stages) run_stage(s, check_finite);
    }
    /// The same so many times, with a clock beside it: `now` gives seconds.
    XGRAD_RARELY kernel_times measure(bool check_finite, int runs, double (*now)()) {
        growing_array<double> seconds;
        for (int r = 0; r < runs; ++r) {
            take_addresses();
            seconds.resize(seconds.size() + calls_.size(), -1.0);
            double* of_run = seconds.data() + seconds.size() - calls_.size();
            for (const stage& s : stages_.stages) {
                const double start = now();
                run_stage(s, check_finite);
                if (s.first < s.last) of_run[s.first] = now() - start;
            }
        }
        return {detail::medians(seconds, calls_.size()), sizes_.template list<decltype(kernel_times::sizes)>(), threads_, runs};
    }

private:
    template <class>
    friend class checkpointed_run;
    plan_view plan_;
    growing_array<void*> addresses_;
    growing_array<double> scalars_;
    growing_array<call> calls_;
    growing_array<operand> operands_;
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

    // ---- running

    XGRAD_RARELY std::string non_finite_text(int buffer) const {
        return (buffer == plan_.guard ? "xgrad: the loss is " : "xgrad: the norm of the gradients is ") + std::to_string(scalars_[at(buffer)]) +
               "; no parameter has changed. Fix: lower the learning rate, check the data for NaN, or construct the trainer with xg::allow_non_finite.";
    }
    void take_addresses() {
        for (std::size_t i = 0; i < operands_.size(); ++i) operands_[i].data = addresses_[at(plan_.accesses[i].buffer)];
    }
    void run_stage(const stage& s, bool check_finite) {
        if (s.checkpointed > 0) {
            plan_.run_segments(this, s);
        } else if (s.is_loop()) {
            run_loop(s);
        } else if (!s.is_cut()) {
            run_step(s.first, check_finite);
        } else if (s.products) {
            run_products(s, check_finite);
        } else {
            run_rows(s);
        }
    }
    call& addressed(std::size_t i) {
        call& c = calls_[i];
        const step& s = plan_.steps[i];
        if (c.contracts) {
            c.product.left = addresses_[at(c.sides_swapped ? s.right : s.left)];
            c.product.right = addresses_[at(c.sides_swapped ? s.left : s.right)];
        }
        return c;
    }
    void run_step(std::size_t i, bool check_finite) {
        if (plan_.steps[i].kind == step_kind::guard) {
            const int guarded = plan_.steps[i].left;
            if (check_finite && !std::isfinite(scalars_[at(guarded)])) throw non_finite_error(non_finite_text(guarded));
            return;
        }
        run_shared(addressed(i), sharing_[i]);
    }
    /// A call whose operands are its own for now.
    XGRAD_RARELY part<T> part_for(const call& c, std::size_t i, int thread) {
        const span<operand> own{own_operands_.data() + most_accesses_ * at(thread), at(plan_.steps[i].access_count)};
        std::copy_n(c.operands, own.size(), own.begin());
        return {c, own};
    }
    void run_on(call& c, int thread) {
        c.row_buffer = static_cast<std::byte*>(c.row_buffer) + at(thread) * row_buffer_bytes_;
        c.workspace = static_cast<std::byte*>(c.workspace) + at(thread) * workspace_bytes_;
        c.run(c);
    }
    int threads_for(const sharing& how) const { return static_cast<int>(std::min<std::ptrdiff_t>(threads_, how.worth)); }
    /// One call, by as many threads as it is worth.
    void run_shared(const call& c, const sharing& how) {
        if (how.parts == 1) return c.run(c);
        run_in_parts(c, how);
    }
    XGRAD_RARELY void run_in_parts(const call& c, const sharing& how) {
        const std::size_t step = at(&how - sharing_.data());
        share(how.parts, threads_for(how), [&](std::ptrdiff_t i, int thread) {
            part<T> mine = part_for(c, step, thread);
            if (how.along == sharing::axis::columns) {
                mine.take_columns(part_of(c.columns, how.unit, how.parts, i));
            } else {
                mine.take_leading(part_of(c.leading, how.unit, how.parts, i), thread, false);
            }
            if (how.partial) mine.sum_apart(i);
            run_on(mine.c, thread);
        });
        if (!c.product.unfinished) merge(c, how);
    }
    XGRAD_RARELY void merge(const call& c, const sharing& how) {
        if (!how.partial || how.parts == 1) return;
        call sum = c;
        sum.merges = static_cast<int>(how.parts);
        sum.run(sum);
    }
    /// Row kernels panel by panel: each thread takes a part of the axis and cuts it into panels of its own.
    XGRAD_RARELY void run_rows(const stage& s) {
        const sharing& how = sharing_[s.first];
        share(how.parts, threads_for(how), [&](std::ptrdiff_t i, int thread) {
            const range all = part_of(s.extent, how.unit, how.parts, i);
            for (std::ptrdiff_t start = 0; start < all.count; start += s.at_a_time)
                for (std::size_t k = s.first; k < s.last; ++k) {
                    part<T> mine = part_for(calls_[k], k, thread);
                    mine.take_leading(all, thread, true);
                    if (how.parts > 1) mine.sum_apart(i);
                    mine.take_panel({start, std::min(s.at_a_time, all.count - start)});
                    run_on(mine.c, thread);
                }
        });
        for (std::size_t k = s.first; k < s.last; ++k) merge(calls_[k], how);
    }
    /// Products and row kernels panel by panel: threads share each call.
    XGRAD_RARELY void run_products(const stage& s, bool check_finite) {
        for (std::ptrdiff_t start = 0; start < s.extent; start += s.at_a_time) {
            const range panel{start, std::min(s.at_a_time, s.extent - start)};
            for (std::size_t k = s.first; k < s.last; ++k) {
                if (stages_.waits[k]) {
                    if (start + panel.count == s.extent) run_step(k, check_finite);
                    continue;
                }
                part<T> now = part_for(addressed(k), k, threads_);
                if (now.c.rows_are_summed) {
                    now.take_depth(panel, s.extent);
                } else {
                    now.take_panel(panel);
                }
                run_shared(now.c, sharing_[k]);
            }
        }
    }

    /// A loop's kernel for one step, the first of those that follow each other or one for which its scratch is made.
    XGRAD_RARELY void run_one_step(std::size_t k, std::ptrdiff_t now, bool is_first) {
        part<T> mine = part_for(addressed(k), k, threads_);
        mine.take_panel({now, 1});
        mine.c.scratch_is_made = mine.c.product.right_is_packed = mine.c.has_own_scratch && !is_first;
        run_shared(mine.c, sharing_[k]);
    }
    /// A loop's kernels for one step after the other; what they make is handed on to the next step.
    XGRAD_RARELY void run_loop(const stage& s) {
        const call_maker maker{plan_, sizes_};
        const std::ptrdiff_t first = plan_.loops[at(s.first_state)].backwards ? s.extent - 1 : 0;
        auto kernel = [&](std::size_t k, const loop_position& where) {
            if (walks_.empty() || walks_[k].axes == 0) {
                run_one_step(k, where[0], where[0] == first);
            } else {
                walks_.each<T>(maker, k, where, [&] { return part_for(addressed(k), k, threads_); }, [&](const call& c) { run_shared(c, sharing_[k]); });
            }
        };
        loop_position where{};
        loop_memory<T>{plan_, walks_.states.data(), addresses_.data()}.run(at(s.first_state), where, kernel);
    }

    // ---- preparing

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

    /// Slots, sums of parts, unfinished products and positions in the arena.
    XGRAD_RARELY void place(const call_maker& maker) {
        std::size_t total = 0;
        auto piece = [&](std::size_t bytes) {
            const std::size_t offset = total;
            total += arena::piece_bytes(bytes);
            return offset;
        };
        for (std::size_t i = 0; i < offsets_.size(); ++i) {
            panel_bytes_[i] = 0;
            const int owner = stages_.owner[i];
            if (owner < 0) {
                offsets_[i] = piece(at(elements_of_slot(maker, i)) * sizeof(T));
                continue;
            }
            const stage& s = stages_.stages[at(owner)];
            panel_bytes_[i] = arena::padded(at(maker.stride(plan_.slots[i], 0) * s.at_a_time) * sizeof(T));
            const std::size_t panels = panel_bytes_[i] * at(s.products ? 1 : threads_for(sharing_[s.first]));
            offsets_[i] = piece(std::max(panels, at(maker.stride(plan_.slots[i], 0) * s.room) * sizeof(T)));
        }
        for (const stage& s : stages_.stages)
            for (std::size_t k = s.first; k < s.last; ++k) {
                place_partials(k, sharing_[s.is_cut() && !s.products ? s.first : k], piece);
                if (s.products && !stages_.waits[k]) place_panels(k, piece);
                for (operand& o : operands_of(k)) {
                    const int slot = plan_.buffers[at(plan_.accesses[at(&o - operands_.data())].buffer)].slot;
                    o.panel_bytes = slot < 0 ? 0 : static_cast<std::ptrdiff_t>(panel_bytes_[at(slot)]);
                }
            }
        if (plan_.checkpoints.size() > 0) kept_states_.assign(plan_.loops.size(), 0);
        for (std::size_t l = 0; l < kept_states_.size(); ++l)
            if (const std::ptrdiff_t kept = states_kept(plan_, l, walks_.states[l].steps)) kept_states_[l] = piece(at(kept * walks_.states[l].elements) * sizeof(T));
        const std::size_t of_positions = total;
        for (const buffer& b : plan_.buffers)
            if (b.kind == buffer_kind::position) piece(at(maker.elements(b.extents)) * sizeof(T));
        std::byte* base = arena_.reserve(total);
        place_positions<T>(maker, base + of_positions, addresses_);
        for (std::size_t b = 0; b < plan_.buffers.size(); ++b) {
            const buffer& buf = plan_.buffers[b];
            if (buf.kind == buffer_kind::temporary && buf.extents.rank > 0 && buf.slot >= 0) addresses_[b] = base + offsets_[at(buf.slot)];
            if (buf.kind == buffer_kind::extent) scalars_[b] = static_cast<double>(sizes_.find(buf.axis));
        }
        auto locate = [&](void*& offset) {
            if (offset) offset = base + (reinterpret_cast<std::size_t>(offset) - 1);
        };
        for (operand& o : operands_) locate(o.partials);
        for (call& c : calls_) locate(c.product.sums);
    }
    span<operand> operands_of(std::size_t i) { return {operands_.data() + plan_.steps[i].first_access, at(plan_.steps[i].access_count)}; }
    /// An offset in the arena, to become an address; never null.
    static void* later(std::size_t offset) { return reinterpret_cast<void*>(offset + 1); }

    template <class Piece>
    void place_partials(std::size_t i, const sharing& how, Piece piece) {
        if (!how.partial || how.parts == 1) return;
        const step& s = plan_.steps[i];
        for (const store& k : plan_.stores_of(s)) {
            operand& o = operands_of(i)[k.access];
            if (!is_late(k.how) || plan_.accesses_of(s)[k.access].axes[0] >= 0) continue;
            const bool in_double = k.how == storing::total || k.how == storing::scalar;
            o.partial_bytes = static_cast<std::ptrdiff_t>(arena::padded(at(o.elements) * (in_double ? sizeof(double) : sizeof(T))));
            o.partials = later(piece(at(o.partial_bytes * how.parts)));
        }
    }
    /// What a product in panels needs: sums of its depth so far, and which of its sides hold one panel.
    template <class Piece>
    void place_panels(std::size_t i, Piece piece) {
        call& c = calls_[i];
        if (!c.contracts) return;
        auto stays = [&](int buffer) {
            const int slot = plan_.buffers[at(buffer)].slot;
            return slot >= 0 && panel_bytes_[at(slot)] > 0;
        };
        const step& s = plan_.steps[i];
        c.product.left_stays = stays(c.sides_swapped ? s.right : s.left);
        c.product.right_stays = stays(c.sides_swapped ? s.left : s.right);
        if (!c.rows_are_summed) return;
        if (is_plain(i)) return;  // it grows where its result belongs
        c.product.sums = later(piece(at(c.product.rows * c.product.columns) * sizeof(T)));
        c.product.sums_row = c.product.columns;
    }

    /// Nothing but a product, stored row by row.
    bool is_plain(std::size_t i) const {
        const step& s = plan_.steps[i];
        return is_plain_product(plan_, s) && is_one_matrix(calls_[i], calls_[i].operands[plan_.stores_of(s)[0].access]);
    }

    XGRAD_RARELY void reserve_workspace() {
        std::ptrdiff_t kept = 0, packed = 0;
        for (std::size_t i = 0; i < calls_.size(); ++i) {
            const step& s = plan_.steps[i];
            if (s.kind == step_kind::guard) continue;
            const std::ptrdiff_t columns = (calls_[i].columns + 63) / 64 * 64;
            const body_range& body = plan_.body_of(s);
            // Rows side by side: what is kept, and every operand turned round; a sum over rows has a place of its own.
            kept = std::max(kept, body.across ? 2 * columns * lanes<T>::width * (body.saves + 2 * s.access_count) : (columns + std::min(columns, paired_row)) * body.saves);
            if (s.kind == step_kind::contraction) packed = std::max(packed, product<T>::workspace(calls_[i].product, is_plain(i)));
            if (s.kind == step_kind::whole) kept = std::max(kept, (scratch_bytes_of(calls_[i]) + static_cast<std::ptrdiff_t>(sizeof(T)) - 1) / static_cast<std::ptrdiff_t>(sizeof(T)));
        }
        row_buffer_bytes_ = arena::padded(at(kept) * sizeof(T));
        workspace_bytes_ = arena::padded(at(packed) * sizeof(T));
        std::size_t total = (row_buffer_bytes_ + workspace_bytes_) * at(threads_);
        // What a loop's kernel keeps is its own, where one thread runs all of a step.
        auto each_of_loops = [&](auto f) {
            for (const stage& s : stages_.stages)
                for (std::size_t k = s.first; k < s.last; ++k)
                    if (s.runs_by_steps(plan_, k) && threads_for(sharing_[k]) == 1 && (walks_.empty() || walks_[k].axes == 0))
                        if (const std::ptrdiff_t bytes = bytes_kept<T>(plan_, s.first, s.last, k, calls_[k])) f(calls_[k], arena::padded(at(bytes)));
        };
        each_of_loops([&](call& c, std::size_t bytes) {
            c.has_own_scratch = true;
            total += bytes;
        });
        std::byte* base = workspace_.reserve(total);
        std::byte* own = base + (row_buffer_bytes_ + workspace_bytes_) * at(threads_);
        for (call& c : calls_) {
            c.row_buffer = base;
            c.workspace = base + row_buffer_bytes_ * at(threads_);
        }
        each_of_loops([&](call& c, std::size_t bytes) {
            (c.contracts ? c.workspace : c.row_buffer) = own;
            own += bytes;
        });
    }
};

}  // namespace xgrad::kernel
