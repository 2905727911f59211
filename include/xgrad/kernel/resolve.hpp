// SPDX-License-Identifier: BSL-1.0
// SPDX-FileCopyrightText: 2026 the xgrad authors
#pragma once

#include <xgrad/kernel/part.hpp>
#include <xgrad/kernel/prepare.hpp>
#include <xgrad/plan/times.hpp>

#include <cmath>

namespace xgrad::kernel {

/// A prepared plan that runs, stage by stage, once the addresses of bound arrays are set. `run` allocates nothing.
template <class T>
class resolved : public prepared<T> {
public:
    using prepared<T>::prepared;

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
    using base = prepared<T>;
    using base::plan_, base::addresses_, base::scalars_, base::calls_, base::operands_, base::own_operands_, base::most_accesses_, base::sharing_, base::stages_, base::walks_;
    using base::sizes_, base::threads_, base::row_buffer_bytes_, base::workspace_bytes_, base::at, base::threads_for;

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
                walks_.template each<T>(maker, k, where, [&] { return part_for(addressed(k), k, threads_); }, [&](const call& c) { run_shared(c, sharing_[k]); });
            }
        };
        loop_position where{};
        loop_memory<T>{plan_, walks_.states.data(), addresses_.data()}.run(at(s.first_state), where, kernel);
    }
};

}  // namespace xgrad::kernel
